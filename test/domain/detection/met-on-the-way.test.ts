import { expect, it } from 'vitest';
import { metOnTheWay } from '../../../domain/detection/met-on-the-way.ts';
import { withAlert } from '../../../domain/hazard.ts';
import { emptyProgress } from '../../../domain/progress.ts';
import { weatherAlert } from '../../../domain/weather-alert.ts';
import { at, hubPlan } from '../sample-shipment.ts';

const first = hubPlan().legs[0]!;
const [from, to] = [first.departAt, first.arriveAt];

/** Whether weather in the second of three zones is met in these parts of the leg's time; the zones lie where `zonesAt` says. */
const isMet = (zonesAt: readonly number[] | undefined, begins: number, ends: number): boolean => {
  const along = (part: number): number => from + part * (to - from);
  const zones = ['A', 'B', 'C'];
  const leg = { ...first, zones, ...(zonesAt === undefined ? {} : { zonesAt: [...zonesAt] }) };
  const hazard = withAlert(
    undefined,
    weatherAlert.parse({
      id: 'x',
      at: at(0),
      heardAt: at(0),
      source: { feed: 'nws', document: 'd', position: 0, decoder: 'nws/3', mapping: null },
      alertId: 'x',
      hazardId: 'H1',
      messageType: 'alert',
      vtecAction: 'NEW',
      event: 'Winter Storm Warning',
      severity: 'extreme',
      certainty: 'likely',
      zones: ['B'],
      onsetAt: along(begins),
      endsAt: along(ends),
    }),
  );
  return metOnTheWay({ plan: hubPlan({ legs: [leg] }), progress: emptyProgress }, hazard, 0.1) !== null;
};

it('meets weather when it should be where that is, a tenth of the leg sooner or later', () => {
  expect(isMet([0, 0.5, 1], 0.45, 0.55)).toBe(true);
  expect(isMet([0, 0.5, 1], 0.59, 0.9)).toBe(true);
  expect(isMet([0, 0.5, 1], 0.61, 0.9)).toBe(false);
  expect(isMet([0, 0.5, 1], 0.1, 0.39)).toBe(false);
});

it('may meet it at any time of the leg where nobody says how far along its zone lies, and at no other', () => {
  expect(isMet(undefined, 0.9, 1.5)).toBe(true);
  expect(isMet(undefined, 1.1, 1.5)).toBe(false);
});
