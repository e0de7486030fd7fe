import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOf } from '../../../operators/as-of.ts';
import type { JoinMode } from '../../../operators/keyed-process.ts';
import { map } from '../../../operators/map.ts';
import { pipeline } from '../../../runtime/pipeline.ts';
import { type KernelSettings, runKernel } from '../../support/kernel-run.ts';
import { ORACLE_RUNS } from '../../support/random-story.ts';
import {
  type JoinInput,
  joinInput,
  lateLeft,
  left,
  out,
  right,
  type SideRow,
  traceOf,
} from './join-input.ts';

// Seen red: with versions put in the order in which they were heard, with a retraction that takes the first version of
// a time instead of the last, with rows revised a millisecond too long, with rows before versions in order, and
// with versions let go of as soon as another followed, so that none was left when that one was taken back.

interface Question {
  readonly mode: JoinMode;
  readonly how: 'inner' | 'left';
  readonly patience: number | null;
  readonly reviseFor: number | null;
  readonly beforeFirst: 'first' | 'none';
  readonly isBackdated: boolean;
}

const question: fc.Arbitrary<Question> = fc
  .record({
    mode: fc.constantFrom('available' as const, 'ordered' as const),
    how: fc.constantFrom('inner' as const, 'left' as const),
    patience: fc.constantFrom(null, 1, 6, 25),
    reviseFor: fc.constantFrom(null, 2, 10, 100),
    beforeFirst: fc.constantFrom('first' as const, 'none' as const),
    isBackdated: fc.boolean(),
  })
  .map((asked) => (asked.mode === 'ordered' ? { ...asked, patience: null, reviseFor: null } : asked));

const WITHIN_MS = 10_000;
const begun = (at: number): number => Math.floor(at / 4) * 4;
const retracts = ({ at, n }: SideRow): number | null => (n % 4 === 3 ? begun(at) - (n % 3) * 4 : null);
const validFrom =
  ({ isBackdated }: Question) =>
  ({ at }: SideRow): number =>
    isBackdated ? begun(at) : at;

const definition = (asked: Question, missed: (row: SideRow) => void) =>
  pipeline('joined', { from: { left, right } }, (from) => {
    const { mode, how, patience, reviseFor, beforeFirst, isBackdated } = asked;
    const joined = asOf(from.left.keyBy('id'), from.right.keyBy('id'), {
      name: 'with-right',
      within: `${WITHIN_MS}ms`,
      mode,
      how: how as 'left',
      beforeFirst,
      retracts,
      missed,
      ...(isBackdated ? { validFrom: validFrom(asked) } : {}),
      ...(patience === null ? {} : { patience: `${patience}ms` as const }),
      ...(reviseFor === null ? {} : { reviseFor: `${reviseFor}ms` as const }),
    });
    const said = map(({ left: row, right: known, revision }: NonNullable<(typeof joined)['rowType']>) => ({
      at: row.at,
      what: `${row.n} with ${known?.n ?? 'none'}, ${revision}`,
    }));
    return mode === 'ordered'
      ? [joined.through(said).to(out), joined.late.to(lateLeft)]
      : [joined.through(said).to(out)];
  });

/** The version that holds at a time, from everything that the table ever said, in this order. */
const versionAt = (asked: Question, rights: readonly SideRow[], at: number): SideRow | undefined => {
  const from = validFrom(asked);
  const alive = rights.filter((row, index) => {
    if (retracts(row) !== null) return false;
    // Taken back when, of those with its time that are alive, it is the last.
    const gone = new Set<number>();
    rights.forEach((other, now) => {
      const wanted = retracts(other);
      if (wanted === null) return;
      const last = rights.findLastIndex(
        (one, place) => place < now && retracts(one) === null && from(one) === wanted && !gone.has(place),
      );
      gone.add(last);
    });
    return !gone.has(index);
  });
  const byTime = alive
    .map((row, index) => ({ row, index }))
    .sort((a, b) => from(a.row) - from(b.row) || a.index - b.index)
    .map(({ row }) => row);
  return byTime.findLast((row) => from(row) <= at) ?? (asked.beforeFirst === 'first' ? byTime[0] : undefined);
};

interface Naive {
  readonly said: readonly string[];
  readonly missed: readonly number[];
}

/** The whole life of each left row by itself. */
const available = (asked: Question, { rows, settings }: JoinInput): Naive => {
  const said: string[] = [];
  const missed: number[] = [];
  const { how, reviseFor } = asked;
  const patience = asked.patience ?? (how === 'left' ? null : WITHIN_MS);
  rows.forEach(({ topic, row, heardAt }, index) => {
    if (topic !== 'left') return;
    const knownBefore = (end: number): readonly SideRow[] =>
      rows.slice(0, end).flatMap((one) => (one.topic === 'right' && one.row.id === row.id ? [one.row] : []));
    const moments = rows.flatMap((one, place) =>
      place > index && one.topic === 'right' && one.row.id === row.id
        ? [{ heardAt: one.heardAt, version: versionAt(asked, knownBefore(place + 1), row.at) }]
        : [],
    );
    let version = versionAt(asked, knownBefore(index), row.at);
    let since = heardAt;
    let rest = moments;
    if (version === undefined && patience !== null) {
      const until = heardAt + patience;
      const found = moments.findIndex((moment) => moment.heardAt < until && moment.version !== undefined);
      if (found < 0) {
        if (until > settings.endsAt) return;
        if (how === 'inner') {
          missed.push(row.n);
          return;
        }
        since = until;
        rest = moments.filter((moment) => moment.heardAt >= until);
      } else {
        version = moments[found]!.version;
        since = moments[found]!.heardAt;
        rest = moments.slice(found + 1);
      }
    }
    said.push(`${since} ${row.n} with ${version?.n ?? 'none'}, 0`);
    if (reviseFor === null) return;
    let revision = 0;
    for (const moment of rest) {
      if (moment.heardAt > since + reviseFor || moment.version?.n === version?.n) continue;
      if (moment.version === undefined && how === 'inner') continue;
      version = moment.version;
      revision += 1;
      said.push(`${moment.heardAt} ${row.n} with ${version?.n ?? 'none'}, ${revision}`);
    }
  });
  return { said, missed };
};

const ordered = (asked: Question, input: JoinInput): Naive => {
  const trace = traceOf(input);
  const accepted = trace.flatMap((step) => (step.kind === 'row' && step.row.at >= step.origin ? [step] : []));
  const said: string[] = [];
  const missed: number[] = [];
  for (const rise of trace) {
    if (rise.kind === 'row') continue;
    for (const { port, row } of accepted) {
      if (port === 1 || row.at < rise.from || row.at >= rise.to) continue;
      const rights = accepted
        .filter((one) => one.port === 1 && one.row.id === row.id && one.row.at <= row.at)
        .map((one) => one.row)
        .sort((a, b) => a.at - b.at || a.n - b.n);
      const version = versionAt(asked, rights, row.at);
      if (version === undefined && asked.how === 'inner') missed.push(row.n);
      else said.push(`${rise.heardAt} ${row.n} with ${version?.n ?? 'none'}, 0`);
    }
  }
  return { said, missed };
};

describe('as-of join, against the life of each row by itself', () => {
  it('gives each row its version and its revisions, however cut and restarted', () => {
    fc.assert(
      fc.property(question, joinInput, (asked, input) => {
        const run = (settings: KernelSettings) => {
          const missed: number[] = [];
          const { answers, failures } = runKernel(
            definition(asked, ({ n }) => missed.push(n)),
            input.rows,
            settings,
          );
          expect(failures).toEqual([]);
          const said = answers
            .filter(({ topic }) => topic === 'out')
            .map(({ heardAt, row }) => `${heardAt} ${(row as { what: string }).what}`);
          const late = answers.filter(({ topic }) => topic !== 'out').map(({ row }) => (row as SideRow).n);
          return { said, missed, late };
        };
        const { restarts: _, ticksBefore: __, rowsInBeat: ___, ...calm } = input.settings;
        const answer = run(calm);
        const expected = (asked.mode === 'ordered' ? ordered : available)(asked, input);
        expect([...answer.said].sort()).toEqual([...expected.said].sort());
        expect(answer.missed.map(String).sort()).toEqual(expected.missed.map(String).sort());
        const late = traceOf(input).flatMap((step) =>
          step.kind === 'row' && step.row.at < step.origin ? [step.row.n] : [],
        );
        expect(answer.late).toEqual(asked.mode === 'ordered' ? late : []);
        expect(run(input.settings)).toEqual(answer);
      }),
      { numRuns: ORACLE_RUNS },
    );
  });
});
