import { absence } from '../../operators/absence.ts';
import { dedupe } from '../../operators/dedupe.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { pattern } from '../../operators/pattern.ts';
import { suppress } from '../../operators/suppress.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { Heap } from '../../runtime/state/heap.ts';
import { answers } from './answers.ts';
import type { Contest } from './contest.ts';
import type { Row } from './input.ts';
import { everySecond, Highest } from './sweep.ts';

const LONG_MS = 20_000;
const DEDUPE_MS = 10_000;

interface Total {
  readonly key: number;
  readonly sum: number;
}

interface Waiting {
  readonly row: Row;
  readonly now: number;
}

interface Watched {
  readonly row: Row;
  readonly expectedBy: number;
  said: object | null;
}

const one = (): number => 1;

const forget = (ends: Map<number, number>, now: number): void => {
  for (const [key, until] of ends) if (until <= now) ends.delete(key);
};

const totalling =
  (mode: 'available' | 'ordered'): Contest['pipeline'] =>
  ({ left }) =>
    pipeline('totals', { from: { left } }, (from) => [
      keyedProcess('total', {
        mode,
        inputs: { rows: from.left.keyBy('key') },
        emits: rowsOf<Total>(),
        initial: { rows: 0, sum: 0 },
        on: {
          rows: ({ value }, context) => {
            const { rows, sum } = context.state;
            context.set({ rows: rows + 1, sum: sum + value });
            context.emit({ key: context.key, sum: sum + value });
          },
        },
      }).to(answers()),
    ]);

/** Sums by key, as an author writes it with a Map. */
const totals = (out: (value: number) => void): ((row: Row) => void) => {
  const byKey = new Map<number, { rows: number; sum: number }>();
  return ({ key, value }) => {
    let state = byKey.get(key);
    if (state === undefined) byKey.set(key, (state = { rows: 0, sum: 0 }));
    state.rows += 1;
    state.sum += value;
    const total: Total = { key, sum: state.sum };
    out(total.sum);
  };
};

export const keyedContests: readonly Contest[] = [
  {
    name: 'dedupe',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('dedupe', { from: { left } }, (from) => [
        from.left
          .keyBy('key')
          .through(dedupe({ name: 'once', by: 'id', within: '10s' }))
          .to(answers()),
      ]),
    read: ({ value }: Row) => value,
    loop: (out) => {
      const seen = new Map<number, number>();
      const tick = everySecond((now) => forget(seen, now));
      return {
        row: ({ id, value }, now) => {
          tick(now);
          if ((seen.get(id) ?? now) > now) return;
          seen.set(id, now + DEDUPE_MS);
          out(value);
        },
        end: () => undefined,
      };
    },
  },
  {
    name: 'suppress',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('suppress', { from: { left } }, (from) => [
        from.left
          .keyBy('key')
          .through(suppress({ name: 'cool', for: '20s' }))
          .to(answers()),
      ]),
    read: ({ value }: Row) => value,
    loop: (out) => {
      const cooling = new Map<number, number>();
      const tick = everySecond((now) => forget(cooling, now));
      return {
        row: ({ key, value }, now) => {
          tick(now);
          if ((cooling.get(key) ?? now) > now) return;
          cooling.set(key, now + LONG_MS);
          out(value);
        },
        end: () => undefined,
      };
    },
  },
  {
    name: 'absence',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('absence', { from: { left } }, (from) => [
        absence(
          from.left.keyBy((row) => String(row.key)),
          {
            name: 'silent',
            expectedBy: (_, now) => now + LONG_MS,
          },
        ).to(answers()),
      ]),
    read: one,
    loop: (out) => {
      const watched = new Map<number, Watched>();
      const miss = (watch: Watched): void => {
        const { row, expectedBy } = watch;
        watch.said = { state: 'missing', row, expectedBy, noticedAt: expectedBy };
        out(1);
      };
      const sweep = (now: number): void => {
        for (const watch of watched.values()) if (watch.said === null && watch.expectedBy <= now) miss(watch);
      };
      const tick = everySecond(sweep);
      let last = 0;
      return {
        row: (row, now) => {
          last = now;
          tick(now);
          const before = watched.get(row.key);
          if (before !== undefined) {
            if (before.said === null && before.expectedBy <= now) miss(before);
            if (before.said !== null) out(1);
          }
          watched.set(row.key, { row, expectedBy: now + LONG_MS, said: null });
        },
        end: () => sweep(last),
      };
    },
  },
  {
    name: 'pattern',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('pattern', { from: { left } }, (from) => [
        pattern(from.left.keyBy('key'), {
          name: 'then',
          within: '20s',
          steps: [
            { name: 'first', where: ({ value }: Row) => value % 4 === 0 },
            { name: 'second', where: ({ value }: Row) => value % 4 === 1 },
          ],
        }).to(answers()),
      ]),
    read: one,
    loop: (out) => {
      const begun = new Map<number, { readonly row: Row; readonly now: number }[]>();
      return {
        row: (row, now) => {
          const open = begun.get(row.key);
          const kept = open?.filter((match) => match.now + LONG_MS > now);
          if (row.value % 4 === 1 && kept !== undefined && kept.length > 0) {
            const match = {
              rows: { first: kept[0]!.row, second: row },
              startedAt: kept[0]!.now,
              endedAt: now,
            };
            begun.delete(row.key);
            if (match.endedAt >= match.startedAt) out(1);
            return;
          }
          if (row.value % 4 === 0) begun.set(row.key, [...(kept ?? []), { row, now }]);
          else if (kept?.length === 0) begun.delete(row.key);
        },
        end: () => undefined,
      };
    },
  },
  {
    name: 'process, available',
    inputs: 1,
    isKeyed: true,
    pipeline: totalling('available'),
    read: ({ sum }: Total) => sum,
    loop: (out) => {
      const add = totals(out);
      return { row: add, end: () => undefined };
    },
  },
  {
    name: 'process, ordered',
    inputs: 1,
    isKeyed: true,
    pipeline: totalling('ordered'),
    read: ({ sum }: Total) => sum,
    loop: (out) => {
      const add = totals(out);
      const waiting = new Heap<Waiting>((a, b) => {
        if (a.row.at !== b.row.at) return a.row.at < b.row.at;
        return a.row.key !== b.row.key ? a.row.key < b.row.key : a.now < b.now;
      });
      const highest = new Highest();
      const release = (upTo: number): void => {
        for (let first = waiting.first; first !== undefined && first.row.at < upTo; first = waiting.first) {
          waiting.pop();
          add(first.row);
        }
      };
      return {
        row: (row, now) => {
          highest.saw(row.at);
          waiting.push({ row, now });
          release(highest.watermark);
        },
        end: () => release(Infinity),
      };
    },
  },
];
