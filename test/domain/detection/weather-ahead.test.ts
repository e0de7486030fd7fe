import { describe, expect, it } from 'vitest';
import { judge, type Standing } from '../../../domain/detection/judge.ts';
import { rules } from '../../rules/shipped-rules.ts';
import { type Hazard, withAlert } from '../../../domain/hazard.ts';
import type { Moving } from '../../../domain/moving.ts';
import { emptyProgress } from '../../../domain/progress.ts';
import { type WeatherAlert, weatherAlert } from '../../../domain/weather-alert.ts';
import { at, hubPlan } from '../sample-shipment.ts';

const legs = hubPlan().legs.map((leg, index) => ({ ...leg, zones: index === 2 ? ['A', 'B'] : [] }));
const moving: Moving = {
  plan: hubPlan({ legs }),
  progress: emptyProgress,
  trigger: 'plan-1',
  advanced: true,
  ended: false,
  heardAt: at(0),
  gap: null,
};

const alert = (change: Partial<WeatherAlert> & { readonly id: string }): WeatherAlert => ({
  ...weatherAlert.parse({
    id: 'x',
    at: at(0),
    heardAt: at(0),
    source: { feed: 'nws', document: 'd', position: 0, decoder: 'nws/3', mapping: null },
    alertId: change.id,
    hazardId: 'H1',
    messageType: 'alert',
    vtecAction: 'NEW',
    event: 'Winter Storm Warning',
    severity: 'extreme',
    certainty: 'likely',
    zones: ['A', 'B'],
    onsetAt: at(600),
    endsAt: at(1_100),
  }),
  ...change,
});

/** What is said after each message, as `state topic alerts`. */
const said = (alerts: readonly WeatherAlert[], shipment: Moving = moving): string[][] => {
  let hazard: Hazard | undefined;
  let standing: Standing = {};
  return alerts.map((one, index) => {
    hazard = withAlert(hazard, one);
    const after = judge(standing, {
      ...shipment,
      now: at(10 + index),
      rules: rules.detection,
      tier: 'standard',
      hazards: [hazard],
      ports: [],
      roads: [],
      updates: [],
      feeds: [],
      rhythm: () => undefined,
    });
    standing = after.standing;
    return after.signals
      .filter(({ category }) => category === 'weather')
      .map(({ state, kind, topic, evidence }) => [state, kind, topic, ...evidence.alerts].join(' '));
  });
};

describe('weather on the path', () => {
  it('stands while any zone of the path is under it, and is cleared as a prediction when the last one is not', () => {
    const first = alert({ id: 'm1' });
    const part = alert({ id: 'm2', at: at(5), vtecAction: 'CAN', messageType: 'cancel', zones: ['A'] });
    const rest = alert({ id: 'm3', at: at(6), vtecAction: 'CAN', messageType: 'cancel', zones: ['B'] });
    expect(said([first, part, rest])).toEqual([['raised predicted H1 m1'], [], ['cleared predicted H1']]);
  });

  it('is heard of in zones that an extension adds, beside those of the first message', () => {
    const elsewhere = alert({ id: 'm1', zones: ['X'] });
    const wider = alert({ id: 'm2', at: at(5), vtecAction: 'EXA', zones: ['B'] });
    expect(said([elsewhere, wider])).toEqual([[], ['raised predicted H1 m2']]);
    const there = alert({ id: 'm1', zones: ['A'] });
    expect(said([there, wider])).toEqual([['raised predicted H1 m1'], ['raised predicted H1 m1 m2']]);
  });

  it('is cleared when it is upgraded away, and when it grows mild', () => {
    const first = alert({ id: 'm1' });
    const gone = alert({ id: 'm2', at: at(5), vtecAction: 'UPG', messageType: 'update' });
    const mild = alert({ id: 'm2', at: at(5), vtecAction: 'CON', severity: 'minor' });
    for (const next of [gone, mild]) expect(said([first, next])[1]).toEqual(['cleared predicted H1']);
  });

  it('is not raised where it is over before the leg begins, nor where the promise has room', () => {
    expect(said([alert({ id: 'm1', endsAt: at(650) })])).toEqual([[]]);
    const roomy = { ...moving, plan: { ...moving.plan, promisedAt: at(2_000) } };
    expect(said([alert({ id: 'm1' })], roomy)).toEqual([[]]);
  });
});
