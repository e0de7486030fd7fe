import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LookedUp, lookup } from '../../../operators/lookup.ts';
import { BeatBuilder } from '../../../runtime/beat-builder.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { wireStage } from '../../../runtime/task-plan.ts';
import { topic } from '../../../runtime/topic.ts';
import { ORACLE_RUNS } from '../../support/random-story.ts';
import { left, type SideRow } from './join-input.ts';

// Seen red: with answers given out as they come, with a key asked again while it is asked, with a cache that never
// grows old or counts from the last who waited, with one attempt too few before the fallback, and with a question too
// many at once.

const POISON = 'c';
const TIMEOUT_MS = 1_000;
const KEYS_AT_ONCE = 2;
const fallback = ({ n }: SideRow): string => `fallback ${n}`;

interface Asked {
  readonly capacity: number;
  readonly retries: number;
  readonly cache: { readonly atMost: number; readonly ms: number } | null;
  /** Log times go on by so much before each row, and these keys; a barrier follows every so many beats. */
  readonly rows: readonly { readonly gap: number; readonly key: string }[];
  readonly rowsInBeat: number;
  readonly beatsInEpoch: number;
  /** What becomes of each attempt, and which of those that are out is next. */
  readonly fates: readonly ('answer' | 'fail' | 'throw' | 'hang')[];
  readonly turns: readonly number[];
}

const asked: fc.Arbitrary<Asked> = fc.record({
  capacity: fc.integer({ min: 1, max: 3 }),
  retries: fc.nat(2),
  cache: fc.option(fc.record({ atMost: fc.integer({ min: 1, max: 3 }), ms: fc.integer({ min: 1, max: 8 }) })),
  rows: fc.array(fc.record({ gap: fc.nat(4), key: fc.constantFrom('a', 'b', 'd', 'e', 'x', POISON) }), {
    maxLength: 30,
    size: 'max',
  }),
  rowsInBeat: fc.integer({ min: 1, max: 6 }),
  beatsInEpoch: fc.integer({ min: 1, max: 3 }),
  fates: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('answer' as const) },
      { weight: 2, arbitrary: fc.constantFrom('fail' as const, 'throw' as const, 'hang' as const) },
    ),
    { minLength: 1, maxLength: 12 },
  ),
  turns: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
});

interface Attempt {
  readonly keys: readonly string[];
  readonly settle: () => void;
}

/** A service that does with each attempt what its fate says, in an order of the test's choosing; it knows nothing of x. */
const unreliable = ({ fates, turns }: Asked) => {
  const out: Attempt[] = [];
  const log: { readonly keys: readonly string[]; readonly fate: string; readonly number: number }[] = [];
  let most = 0;
  let turn = 0;
  const ask = (keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    const number = log.length;
    const fate = fates[number % fates.length]!;
    log.push({ keys, fate, number });
    for (const key of keys)
      expect(
        out.flatMap((one) => one.keys),
        'asked again while it is asked',
      ).not.toContain(key);
    if (fate === 'throw') throw new Error('refused');
    return new Promise((resolve, reject) => {
      const attempt: Attempt = {
        keys,
        settle: () => {
          out.splice(out.indexOf(attempt), 1);
          if (fate === 'fail') reject(new Error('down'));
          else if (fate === 'hang') {
            timeouts[number]!.act();
            resolve(new Map(keys.map((key) => [key, 'too late'])));
          } else resolve(new Map(keys.filter((key) => key !== 'x').map((key) => [key, `${key} ${number}`])));
        },
      };
      signal.addEventListener('abort', () => expect(out).not.toContain(attempt));
      out.push(attempt);
      most = Math.max(most, out.length);
    });
  };
  // The n-th attempt has the n-th time-out.
  const timeouts: { act: () => void }[] = [];
  return {
    ask,
    log,
    get most() {
      return most;
    },
    timers: {
      after: (ms: number, act: () => void) => {
        expect(ms).toBe(TIMEOUT_MS);
        const timeout = { act };
        timeouts.push(timeout);
        return () => {
          timeout.act = () => expect.fail('a time-out that was taken back');
        };
      },
    },
    /** Settles one of the attempts that are out. */
    next: (): boolean => {
      if (out.length === 0) return false;
      turn += 1;
      out[turns[turn % turns.length]! % out.length]!.settle();
      return true;
    },
  };
};

const answers = topic<LookedUp<SideRow, string>>('answers', {
  schema: null as never,
  key: () => '',
  at: () => 0,
});

describe('look-up join, against a service that is slow and fails', () => {
  it('gives each row once, at its place, with the answer that it says it has', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async (question) => {
        const service = unreliable(question);
        const { capacity, retries, cache, rowsInBeat, beatsInEpoch } = question;
        const { stages } = pipeline('look-up', { from: { left } }, (from) => [
          from.left
            .through(
              lookup({
                name: 'outside',
                key: ({ key }) => {
                  if (key === POISON) throw new Error('no key');
                  return key;
                },
                ask: service.ask,
                capacity,
                keysAtOnce: KEYS_AT_ONCE,
                timeout: `${TIMEOUT_MS}ms`,
                retries,
                fallback,
                ...(cache === null ? {} : { cache: { atMost: cache.atMost, for: `${cache.ms}ms` } }),
              }),
            )
            .to(answers),
        ]);
        const stage = stages[0]!;
        const said: (LookedUp<SideRow, string> | number)[] = [];
        const failed: SideRow[] = [];
        let held = 0;
        const wired = wireStage(
          stage,
          () => ({
            step: 'outside',
            task: 'trial/0',
            services: { scorer: () => undefined as never, timers: service.timers },
            checkpoint: () => undefined,
            paced: () => undefined,
            atBarrier: () => undefined,
            fail: ({ row }) => failed.push(row as SideRow),
            hold: () => {
              held += 1;
              return () => {
                held -= 1;
              };
            },
            countRows: () => undefined,
            count: () => undefined,
          }),
          {
            rows: (_, { size, body }) => {
              for (let index = 0; index < size; index++)
                said.push(body.row(index) as LookedUp<SideRow, string>);
            },
            barrier: (_, epoch) => said.push(epoch),
          },
        );
        const stop = wired.start((error) => {
          throw error;
        });
        const source = stage.sources[0]!.id;
        const send = wired.inlets.get(source)!;
        const beats = new BeatBuilder(stage);
        const expected: (number | 'barrier')[] = [];
        let now = 0;
        let sent = 0;
        for (const [n, { gap, key }] of question.rows.entries()) {
          now += gap;
          beats.row(source, { at: now, key, id: 0, n } satisfies SideRow, now, now, -Infinity);
          if (key !== POISON) expected.push(n);
          if (beats.rows < rowsInBeat && n < question.rows.length - 1) continue;
          beats.send((_, item) => send.next(item));
          sent += 1;
          if (sent % beatsInEpoch === 0) {
            send.next({ kind: 'barrier', epoch: sent });
            expected.push('barrier');
          }
          await nextTurn();
          if (question.turns[sent % question.turns.length]! > 2) service.next();
        }
        await nextTurn();
        while (service.next()) await nextTurn();
        await nextTurn();
        stop();
        expect(said.map((one) => (typeof one === 'number' ? 'barrier' : one.row.n))).toEqual(expected);
        expect(failed.map(({ key }) => key)).toEqual(
          question.rows.filter(({ key }) => key === POISON).map(({ key }) => key),
        );
        expect(held).toBe(0);
        expect(service.most).toBeLessThanOrEqual(capacity);
        const given = said.filter((one) => typeof one !== 'number');
        for (const { keys } of service.log) expect(keys.length).toBeLessThanOrEqual(KEYS_AT_ONCE);
        for (const [index, { row, value, outcome }] of given.entries()) {
          const tries = service.log.filter(({ keys }) => keys.includes(row.key));
          const truths = tries
            .filter(({ fate }) => fate === 'answer')
            .map(({ number }) => (row.key === 'x' ? null : `${row.key} ${number}`));
          if (outcome === 'fallback') {
            expect(value).toBe(fallback(row));
            expect(tries.filter(({ fate }) => fate !== 'answer').length).toBeGreaterThan(retries);
          } else expect(truths).toContain(value);
          if (outcome !== 'cached') continue;
          const sources = given
            .slice(0, index)
            .filter((one) => one.outcome === 'answered' && one.row.key === row.key && one.value === value);
          // The first row with this answer is the one that was asked for; that x is unknown is said again and again.
          const ages = (value === null ? sources : sources.slice(0, 1)).map((one) => row.at - one.row.at);
          expect(Math.min(...ages), `age of what row ${row.n} has`).toBeLessThanOrEqual(cache!.ms);
        }
      }),
      { numRuns: ORACLE_RUNS },
    );
  });
});
