import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeFutures, type SeenFeatures } from '../../../models/evaluation/poisoned-future.ts';
import { leakOf } from '../../../cli/format-feature-check.ts';
import { keyedProcess, rowsOf } from '../../../operators/keyed-process.ts';
import { MemoryRun } from '../../../runtime/memory/memory-run.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { topic } from '../../../runtime/topic.ts';

/** What became of a shipment: heard of when it was known, long after it was handed over and a while after it arrived. */
const ended = z.object({
  carrier: z.string(),
  handedOverAt: z.number(),
  deliveredAt: z.number(),
  late: z.boolean(),
});
type Ended = z.infer<typeof ended>;
const asked = z.object({ carrier: z.string(), id: z.string(), at: z.number() });
const seen = z.object({ carrier: z.string(), id: z.string(), at: z.number(), rate: z.number().nullable() });

const DISORDER_MS = 100;
const predicted = topic('predicted', { schema: seen, key: 'carrier' });
const questions = topic('questions', { schema: asked, key: 'carrier' });

/**
 * A late rate per carrier, three ways: from when an outcome was known; and the two leaks that were measured on real
 * flights, where an ordered join puts it at the time of the delivery, or of the hand-over, for that is its event time.
 */
const lateRate = (by: 'known' | 'deliveredAt' | 'handedOverAt') => {
  const outcomes = topic('ended', {
    schema: ended,
    key: 'carrier',
    at: by === 'known' ? 'deliveredAt' : by,
    disorderMs: DISORDER_MS,
  });
  return pipeline('late-rate', { from: { outcomes, questions } }, (from) => [
    keyedProcess('rate', {
      mode: by === 'known' ? 'available' : 'ordered',
      inputs: { outcomes: from.outcomes.keyBy('carrier'), questions: from.questions.keyBy('carrier') },
      emits: rowsOf<z.infer<typeof seen>>(),
      initial: { shipments: 0, late: 0 },
      ttl: '30d',
      on: {
        outcomes: ({ late }, { state, set }) =>
          set({ shipments: state.shipments + 1, late: state.late + (late ? 1 : 0) }),
        questions: ({ carrier, id, at }, { state, emit }) =>
          emit({ carrier, id, at, rate: state.shipments === 0 ? null : state.late / state.shipments }),
      },
    }).to(predicted),
  ]);
};

type Heard = readonly [heardAt: number, topic: 'ended' | 'questions', row: object];
const end = (heardAt: number, handedOverAt: number, deliveredAt: number, late: boolean): Heard => [
  heardAt,
  'ended',
  { carrier: 'A', handedOverAt, deliveredAt, late } satisfies Ended,
];
const question = (heardAt: number): Heard => [
  heardAt,
  'questions',
  { carrier: 'A', id: `at ${heardAt}`, at: heardAt },
];

const run = (by: Parameters<typeof lateRate>[0], story: readonly Heard[]): SeenFeatures[] => {
  const answers: SeenFeatures[] = [];
  const memory = new MemoryRun(lateRate(by), {
    disorderMs: { questions: DISORDER_MS },
    onRows: (_, { size, body }) => {
      for (let index = 0; index < size; index++) {
        const { id, at, rate } = seen.parse(body.row(index));
        answers.push({ id, heardAt: at, features: [1, rate] });
      }
    },
  });
  for (const [heardAt, name, row] of story.toSorted(([a], [b]) => a - b)) memory.push(name, row, heardAt);
  memory.end();
  return answers;
};

// Handed over at 10, delivered at 40, known at 60; and one delivered in time before.
const past: readonly Heard[] = [end(25, 5, 20, false), question(30), question(45)];
const whole = [...past, end(60, 10, 40, true), question(70)];
const T = 50;
const poisoned = [...past, end(60, 10, 40, false), end(61, 6, 22, true), question(70)];

const verdictOf = (by: Parameters<typeof lateRate>[0]) => {
  const as = run(by, whole);
  return judgeFutures(['one', 'late_rate'], [{ at: T, future: 'poisoned', as, other: run(by, poisoned) }]);
};

describe('the poisoned-future test', () => {
  it('passes a rate that is made of what was known', () => {
    const verdict = verdictOf('known');
    expect(verdict.features.map(({ feature, compared, moved }) => [feature, compared, moved])).toEqual([
      ['one', 2, 0],
      ['late_rate', 2, 0],
    ]);
    expect(leakOf(verdict)).toBeNull();
    // What was asked after t may well have moved.
    expect(run('known', poisoned).at(-1)).not.toEqual(run('known', whole).at(-1));
  });

  it('catches a rate that counts a delivery from when it happened, and not from when it was known', () => {
    const { features } = verdictOf('deliveredAt');
    expect(features[0]?.moved).toBe(0);
    expect(features[1]?.moved).toBeGreaterThan(0);
    expect(leakOf(verdictOf('deliveredAt'))).toMatch(
      /^feature "late_rate" looks ahead: prediction at \d+ of .* has .*, and .* once what was heard after .* is poisoned; read only/,
    );
  });

  it('catches a rate that counts a shipment by the time at which it was handed over', () => {
    const [, rate] = verdictOf('handedOverAt').features;
    // At 30 the shipment that arrives at 40 counts already.
    expect(rate?.first).toMatchObject({ prediction: 'at 30', was: 0.5, became: 1 / 3 });
    expect(rate?.moved).toBe(2);
  });

  it('catches a prediction that is made only once the future has come', () => {
    const as = run('deliveredAt', whole);
    const verdict = judgeFutures(['one', 'late_rate'], [{ at: T, future: 'cut', as, other: as.slice(0, 1) }]);
    expect(verdict.waited).toEqual([{ prediction: 'at 45', heardAt: 45, at: T, future: 'cut' }]);
    expect(leakOf(verdict)).toMatch(/^prediction at 45 .* is made only in one future after .* \(cut\)/);
  });

  it('tells unknown from nought, and -0 from 0', () => {
    const at = (value: number | null) => [{ id: 'p', heardAt: 1, features: [value] }];
    const moved = (a: number | null, b: number | null): number | undefined =>
      judgeFutures(['f'], [{ at: 2, future: 'cut', as: at(a), other: at(b) }]).features[0]?.moved;
    expect([moved(null, 0), moved(0, -0), moved(1, 1), moved(null, null)]).toEqual([1, 1, 0, 0]);
  });
});
