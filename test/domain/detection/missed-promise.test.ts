import { expect, it } from 'vitest';
import { missedPromise } from '../../../domain/detection/missed-promise.ts';
import { followEvent, followPlan, notFollowed } from '../../../domain/follow.ts';
import type { ScanRhythm } from '../../../domain/scan-rhythm.ts';
import { rules } from '../../rules/shipped-rules.ts';
import { at, event, hubPlan, minute } from '../sample-shipment.ts';

const PROMISED = 1060;

/** Minutes after the promise at which it counts as missed: all was heard but the delivery, the last at `arrived`. */
const waited = (arrived: number, rhythms: Readonly<Record<string, Partial<ScanRhythm>>>): number => {
  const first = followPlan(notFollowed, hubPlan(), at(0));
  const arrival = event('e', arrived, { shipmentId: 'S1', milestone: 'o:arrival', status: 'arrived' });
  const { moving } = followEvent(first.state, arrival, at(arrived));
  const { again } = missedPromise(
    {
      ...moving!,
      now: at(arrived),
      rules: rules.detection,
      tier: 'standard',
      hazards: [],
      ports: [],
      roads: [],
      updates: [],
      feeds: [],
      rhythm: (key) => {
        const known = rhythms[key];
        const nothing = { p90: null, p95: null, p98: null, p99: null, p995: null };
        return known === undefined ? undefined : { key, at: at(0), scans: 500, ...nothing, ...known };
      },
    },
    () => false,
  );
  return (again! - at(PROMISED)) / minute;
};

it('waits for news of a delivery in time as long as this carrier’s usually take', () => {
  expect(waited(900, { 'ACME|heard': { p95: 90 } })).toBe(90);
  expect(waited(900, { 'ACME|heard': { p95: 5 } })).toBe(60);
  expect(waited(900, { 'ACME|heard': { p95: 2_000 } })).toBe(300);
});

it('asks those of its mode where the carrier made too few, and waits longest where nothing is known', () => {
  const few = { 'ACME|heard': { scans: 3, p95: 90 } };
  expect(waited(900, { ...few, 'air|heard': { p95: 120 } })).toBe(120);
  expect(waited(900, few)).toBe(300);
  expect(waited(900, {})).toBe(300);
});

it('waits an hour where it was late already', () => {
  expect(waited(1_050, { 'ACME|heard': { p95: 200 } })).toBe(60);
});
