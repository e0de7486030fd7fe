import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { absence } from '../../operators/absence.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { score } from '../../operators/score.ts';
import type { Keyed } from '../../runtime/flow.ts';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { refuseCycles } from '../../runtime/graph.ts';
import { shippedPipelines } from '../../runtime/wire/pipelines.ts';
import { topic } from '../../runtime/topic.ts';
import { decoding, rules } from '../docs/shipped.ts';

const row = z.object({ at: z.number(), key: z.string() });
type Row = z.infer<typeof row>;
const scans = topic('scans', { schema: row, key: (one) => one.key });
const plans = topic('plans', { schema: row, key: (one) => one.key });
const between = topic('between', { schema: row, key: (one) => one.key });
const out = topic('out', { schema: row, key: (one) => one.key });

const both = (name: string, left: Keyed<Row>, right: Keyed<Row>): Keyed<Row> =>
  keyedProcess(name, {
    inputs: { left, right },
    emits: rowsOf<Row>(),
    initial: null,
    on: { left: (one, { emit }) => emit(one), right: (one, { emit }) => emit(one) },
  });

describe('a pipeline is refused before anything runs when', () => {
  it('an asynchronous step feeds a step with several inputs', () => {
    const risk = score<Row>({
      name: 'risk',
      model: 'm',
      columns: 1,
      features: () => undefined,
      fallback: () => 0,
    });
    expect(() =>
      pipeline('watch', { from: { scans, plans } }, (from) => {
        const scored = from.scans
          .keyBy('key')
          .through(risk)
          .through(map((one) => one.row));
        return [both('join', scored, from.plans.keyBy('key')).to(out)];
      }),
    ).toThrow(/^FW205 .*asynchronous/);
  });

  it('a stage reads what it writes', () => {
    const joined = () =>
      pipeline('watch', { from: { scans } }, (from) => {
        const again = from.scans.through(map((one) => one)).repartition(between);
        return [both('join', again.keyBy('key'), from.scans.keyBy('key')).to(out)];
      });
    expect(joined).toThrow(/^FW209 stages "watch" → "watch" /);
    const round = () =>
      pipeline('watch', { from: { scans, between } }, (from) => [
        from.scans.to(between),
        from.between.to(scans),
      ]);
    expect(round).toThrow(/^FW209 stages "watch-1" → "watch-2" → "watch-1" /);
  });

  it('two steps have one name, or a flow leads nowhere', () => {
    const sameName = () =>
      pipeline('watch', { from: { scans, plans } }, (from) => [
        absence(from.scans.keyBy('key'), { name: 'silent', expectedBy: () => null })
          .through(map(({ row: one }) => one))
          .to(out),
        absence(from.plans.keyBy('key'), { name: 'silent', expectedBy: () => null })
          .through(map(({ row: one }) => one))
          .to(out),
      ]);
    expect(sameName).toThrow(/^FW202 .*"silent"/);
    expect(() => pipeline('watch', { from: { scans } }, () => [])).toThrow(/^FW207 .*"scans"/);
  });
});

describe('a pipeline may', () => {
  it('join topics that share nothing, and use one flow in several steps', () => {
    const built = pipeline('watch', { from: { scans, plans } }, (from) => {
      const moving = both('moving', from.scans.keyBy('key'), from.plans.keyBy('key'));
      return ['early', 'late'].map((name) =>
        absence(moving, { name, expectedBy: () => null })
          .through(map((missing) => missing.row))
          .to(out),
      );
    });
    expect(built.stages).toHaveLength(1);
  });

  it('go through a topic of its own: what lies behind it is another stage', () => {
    const built = pipeline('watch', { from: { scans } }, (from) => [
      absence(from.scans.repartition(between).keyBy('key'), { name: 'silent', expectedBy: () => null })
        .through(map(({ row: one }) => one))
        .to(out),
    ]);
    expect(built.stages.map(({ name }) => name)).toEqual(['watch-1', 'watch-2']);
  });

  it('be one of those that ship', () => {
    const shipped = shippedPipelines({ decoding, rules, patience: '30d', model: 'late-delivery' });
    expect(shipped.map(({ name }) => name)).toEqual([
      'normalise',
      'port-calls',
      'port-traffic',
      'feeds',
      'rhythm',
      'carriers',
      'watch',
      'predict',
      'orders',
      'resolve',
      'courtesy',
      'causes',
      'labels',
    ]);
    // The log has every topic that they read and write, those of their own too.
    const known = partitionsByTopic(2);
    const used = shipped.flatMap(({ stages }) =>
      stages.flatMap(({ sources, sinks }) => [...sources, ...sinks]),
    );
    expect(used.map(({ topic: { name } }) => name).filter((name) => !Object.hasOwn(known, name))).toEqual([]);
    // Nor may they wait for each other.
    refuseCycles(shipped.flatMap(({ stages }) => stages));
  });
});
