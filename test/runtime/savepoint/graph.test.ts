import { expect, it } from 'vitest';
import { absence } from '../../../operators/absence.ts';
import { aggregate } from '../../../operators/aggregate.ts';
import { count } from '../../../operators/aggregates/count.ts';
import { plans, signals, tracking } from '../../../pipelines/topics.ts';
import type { Duration } from '../../../runtime/duration.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { planFor } from '../../../runtime/savepoint/plan.ts';
import { stateGraphOf } from '../../../runtime/savepoint/graph.ts';
import { topic } from '../../../runtime/topic.ts';
import { tumbling } from '../../../runtime/window-spec.ts';
import { z } from 'zod';

const counted = topic('outcomes', {
  schema: z.object({ shipmentId: z.string(), start: z.number(), end: z.number(), n: z.number() }),
  key: 'shipmentId',
  at: 'start',
});
const partitionsOf = () => 3;

/** Counts plans in windows of a size. */
const counting = (size: Duration, name = 'per-hour') =>
  pipeline('counting', { from: { plans } }, ({ plans: rows }) => [
    rows
      .keyBy('shipmentId')
      .window(tumbling(size))
      .through(aggregate(name, { n: count() }))
      .to(counted as never),
  ]);
const graphOf = (...args: Parameters<typeof counting>) => stateGraphOf([counting(...args)], partitionsOf);

it('says of each step that keeps state what decides whether its state can be read', () => {
  const { stages, steps } = graphOf('1h');
  expect(stages).toEqual([{ name: 'counting', partitions: 3, reads: ['plans'], writes: ['outcomes'] }]);
  expect(steps).toMatchObject([
    {
      pipeline: 'counting',
      stage: 'counting',
      name: 'per-hour',
      verb: 'aggregate',
      keys: ['shipmentId'],
      format: 1,
    },
  ]);
});

it('makes the size of a window part of what its state is', () => {
  const plan = (now: ReturnType<typeof graphOf>) =>
    planFor({ name: 'before', graph: graphOf('1h') }, now).steps.map(({ fate, step }) => `${fate} ${step}`);
  expect(plan(graphOf('1h'))).toEqual(['keeps per-hour']);
  expect(plan(graphOf('5m'))).toEqual(['cannot per-hour']);
  expect(plan(graphOf('5m', 'per-five-minutes'))).toEqual(['loses per-hour', 'new per-five-minutes']);
});

it('knows the key and the stage of a step behind others', () => {
  const silent = pipeline('silent', { from: { tracking } }, ({ tracking: rows }) => [
    absence(
      rows.keyBy((event) => event.shipmentId ?? ''),
      { name: 'quiet', expectedBy: (event) => event.at + 1 },
    ).to(signals as never),
  ]);
  expect(stateGraphOf([silent], partitionsOf).steps).toMatchObject([
    { stage: 'silent', name: 'quiet', keys: ['a function'], detail: 'absence', shape: '' },
  ]);
});
