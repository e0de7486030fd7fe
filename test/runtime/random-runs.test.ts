import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absence } from '../../operators/absence.ts';
import { asOf } from '../../operators/as-of.ts';
import { map } from '../../operators/map.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { crashPipelines } from '../support/crash-pipelines.ts';
import { type Answer, answerIn, hear, type LawRunOptions, newLog, startRun } from '../support/law-run.ts';
import { type Heard, heard, left, notes, out, right } from '../support/law-topics.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** `npm run soak -- random` asks for more. */
const RUNS = Number(process.env['FOREWARN_RANDOM_RUNS'] ?? 60);

const key = fc.constantFrom('a', 'b', 'c');

/** What happens between two rows. */
const pause = fc.constantFrom('nothing', 'nothing', 'settle', 'restart', 'settle and restart', 'tick');
const settings = fc.record({
  credit: fc.integer({ min: 1, max: 3 }),
  checkpointMs: fc.constantFrom(1, 5, 60),
  compactAtBytes: fc.constantFrom(0, 300, 1 << 20),
});
type Settings = Required<Pick<LawRunOptions, 'credit' | 'checkpointMs' | 'compactAtBytes'>>;

const endOf = (rows: readonly Heard[]): number => (rows.at(-1)?.heardAt ?? 0) + 1_000;

const run = async (
  pipelines: () => readonly Pipeline[],
  rows: readonly Heard[],
  pauses: readonly string[],
  options: Settings,
): Promise<Answer> => {
  const log = newLog();
  const all = { ...options, stateFolder: await tempFolder() };
  let running = await startRun(pipelines(), log, all);
  for (const [index, row] of rows.entries()) {
    const before = pauses[index] ?? 'nothing';
    if (before.startsWith('settle')) await running.settle(log.closedUntil);
    if (before.endsWith('restart')) {
      await running.stop();
      running = await startRun(pipelines(), log, all);
    }
    if (before === 'tick') log.advanceTo(row.heardAt - 1 / 2);
    await hear(log, [row]);
  }
  log.advanceTo(endOf(rows));
  await running.settle(endOf(rows));
  await running.stop();
  return answerIn(log);
};

/** Rows in the order of log time, from `passed` since the one before. */
const timed = (
  rows: readonly { readonly passed: number; readonly row: (at: number) => Heard }[],
): Heard[] => {
  let now = 1_000;
  return rows.map(({ passed, row }) => row((now += passed + 1)));
};

describe('runs at random', () => {
  const story = fc.array(
    fc.record({ passed: fc.nat(5), into: fc.constantFrom(left, left, left, notes), key, n: fc.nat(20) }),
    { minLength: 1, maxLength: 30 },
  );

  it('write the same bytes in the same order, wherever they were cut, stopped and checkpointed', async () => {
    const undisturbed = { credit: 8, checkpointMs: 5, compactAtBytes: 4 << 20 };
    await fc.assert(
      fc.asyncProperty(story, fc.array(pause, { maxLength: 30 }), settings, async (told, pauses, options) => {
        const rows = timed(
          told.map(({ passed, into, key: of, n }) => ({
            passed,
            row: (at) => heard(into, at, into === notes ? `n${n % 2}` : of, n),
          })),
        );
        const expected = await run(crashPipelines, rows, [], undisturbed);
        expect(await run(crashPipelines, rows, pauses, options)).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it('miss exactly what a naive look at each key misses', async () => {
    const waits = fc.array(fc.record({ passed: fc.nat(5), key, wait: fc.integer({ min: -2, max: 9 }) }), {
      maxLength: 20,
    });
    const pipelines = () => [
      pipeline('absence', { from: { left } }, (from) => [
        absence(from.left.keyBy('key'), {
          name: 'silent',
          expectedBy: ({ n }, now) => (n === 0 ? null : now + n),
        })
          .through(map(({ state, row }) => ({ at: row.at, key: row.key, what: `${state} ${row.at}` })))
          .to(out),
      ]),
    ];
    await fc.assert(
      fc.asyncProperty(waits, fc.array(pause, { maxLength: 20 }), settings, async (all, pauses, options) => {
        const rows = timed(
          all.map(({ passed, key: of, wait }) => ({ passed, row: (at) => heard(left, at, of, wait) })),
        );
        const { rows: said } = await run(pipelines, rows, pauses, options);
        expect([...said].sort()).toEqual(['a', 'b', 'c'].flatMap((of) => missedOf(rows, of)).sort());
      }),
      { numRuns: RUNS },
    );
  });

  it('join each row with what a naive search finds', async () => {
    const sides = fc.array(
      fc.record({ passed: fc.nat(6), into: fc.constantFrom(left, left, right), key, n: fc.nat(99) }),
      { maxLength: 24 },
    );
    const pipelines = () => [
      pipeline('as-of', { from: { left, right } }, (from) => [
        asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'with-right',
          within: '10s',
          patience: '7ms',
        })
          .through(
            map((pair) => ({
              at: pair.left.at,
              key: pair.left.key,
              what: `${pair.left.at} ${pair.right.at}`,
            })),
          )
          .to(out),
      ]),
    ];
    await fc.assert(
      fc.asyncProperty(sides, fc.array(pause, { maxLength: 24 }), settings, async (all, pauses, options) => {
        const rows = timed(
          all.map(({ passed, into, key: of, n }) => ({ passed, row: (at) => heard(into, at, of, n) })),
        );
        const { rows: said } = await run(pipelines, rows, pauses, options);
        expect([...said].sort()).toEqual(joinedOf(rows, 7).sort());
      }),
      { numRuns: RUNS },
    );
  });
});

/** Looks at one key alone: was each row's deadline passed before the next row came? */
const missedOf = (rows: readonly Heard[], key: string): string[] => {
  const said: string[] = [];
  const own = rows.filter(({ row }) => row.key === key);
  let isMissing = false;
  for (const [index, { heardAt, row }] of own.entries()) {
    const deadline = heardAt + row.n;
    if (isMissing && row.n >= 0) {
      said.push(`${heardAt} ${key} back ${row.at}`);
      isMissing = false;
    }
    if (row.n === 0 || isMissing) continue;
    const missedAt = Math.max(deadline, heardAt);
    if (missedAt <= (own[index + 1]?.heardAt ?? Infinity)) {
      said.push(`${missedAt} ${key} missing ${row.at}`);
      isMissing = true;
    }
  }
  return said;
};

/** For each left row: the last right row before it, or else the first one after it, if it came within the patience. */
const joinedOf = (rows: readonly Heard[], patience: number): string[] =>
  rows.flatMap(({ topic, heardAt, row }) => {
    if (topic !== left) return [];
    const others = rows.filter((other) => other.topic === right && other.row.key === row.key);
    const before = others.findLast((other) => other.heardAt < heardAt);
    if (before !== undefined) return [`${heardAt} ${row.key} ${row.at} ${before.row.at}`];
    const after = others.find((other) => other.heardAt > heardAt);
    // The patience ends first when both come at one moment.
    return after === undefined || after.heardAt >= heardAt + patience
      ? []
      : [`${after.heardAt} ${row.key} ${row.at} ${after.row.at}`];
  });
