import { describe, expect, it } from 'vitest';
import type { Signal } from '../../domain/signal.ts';
import { rhythm } from '../../pipelines/rhythm.ts';
import { watch } from '../../pipelines/watch.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { at, event, hubPlan } from '../domain/sample-shipment.ts';
import { rules } from '../rules/shipped-rules.ts';

const DAY_MIN = 1_440;
const sourceOf = (document: string) => ({ ...hubPlan().source, document });
const live = sourceOf('erp/m-1');
const imported = sourceOf('erp/import:9f86d081884c7d65');

type Heard = readonly [minute: number, topic: 'plans' | 'tracking', row: object];

/** Rows that a pipeline writes into a topic. */
const rowsOf = <Row>(pipeline: Pipeline, topic: string, heard: readonly Heard[], endsAt: number): Row[] => {
  const rows: Row[] = [];
  const run = new MemoryRun(pipeline, {
    onRows: (name, { size, body }) => {
      for (let index = 0; index < size; index += 1)
        if (name === topic) rows.push(structuredClone(body.row(index)) as Row);
    },
  });
  for (const [minute, name, row] of heard) {
    run.tick(at(minute) - 1);
    run.push(name, { ...row, heardAt: at(minute) }, at(minute));
    run.flush();
  }
  run.tick(at(endsAt));
  run.end();
  return rows;
};

/** Promised at 1,060 minutes; damaged at 500, delivered at 1,400, and all of it heard a week later. */
const late = 7 * DAY_MIN;
const planned = (source: object): Heard => [late, 'plans', { ...hubPlan({ promisedAt: at(1_060) }), source }];
const story = (source: object): readonly Heard[] => [
  planned(source),
  [late + 1, 'tracking', { ...event('e1', 500, { shipmentId: 'S1', category: 'damage' }), source }],
  [late + 600, 'tracking', { ...event('e2', 1_400, { shipmentId: 'S1', status: 'delivered' }), source }],
];

const raised = (heard: readonly Heard[], endsAt: number): string[] =>
  rowsOf<Signal>(watch(rules), 'signals', heard, endsAt)
    .filter(({ state }) => state === 'raised')
    .map(({ category }) => category);

describe('imported history', () => {
  it('is told to nobody, where the same from a live feed is', () => {
    expect(raised(story(live), late + 700)).toEqual(expect.arrayContaining(['damage', 'delay']));
    expect(raised(story(imported), late + 700)).toEqual([]);
  });

  it('is watched like any shipment where it is still on its way, or a live feed sends its plan', () => {
    const open = { ...hubPlan({ promisedAt: at(late + 100) }), source: imported };
    expect(raised([[late, 'plans', open]], late + 2_000)).toContain('delay');
    const again: Heard = [
      late + 10,
      'plans',
      { ...hubPlan({ id: 'plan-2', at: at(late + 10) }), source: live },
    ];
    expect(raised([planned(imported), again], late + 2_000)).toContain('delay');
    const damage: Heard = [
      late + 10,
      'tracking',
      { ...event('e3', late + 5, { shipmentId: 'S1', category: 'damage' }), source: live },
    ];
    expect(raised([planned(imported), damage], late + 20)).toEqual(['damage']);
  });

  it('says nothing of how long scans take to be heard', () => {
    const usual = (source: object) => rowsOf(rhythm(), 'scan-rhythms', story(source), late + 3 * DAY_MIN);
    expect(usual(live)).not.toEqual([]);
    expect(usual(imported)).toEqual([]);
  });
});
