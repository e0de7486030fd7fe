import { asOf } from '../../operators/as-of.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { windowJoin } from '../../operators/window-join.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { tumbling } from '../../runtime/window-spec.ts';
import { answers } from './answers.ts';
import type { Contest } from './contest.ts';
import type { Row } from './input.ts';
import { everySecond, Highest } from './sweep.ts';

const BEFORE_MS = 5_000;
const WINDOW_MS = 10_000;
const WITHIN_MS = 60_000;

interface Pair {
  readonly left: Row;
  readonly right: Row | null;
}

const pairValue = ({ left, right }: Pair): number => left.value + (right?.value ?? 0);
const pair = (left: Row, right: Row): Pair => ({ left, right });

const push = (side: Map<number, Row[]>, row: Row): void => {
  const rows = side.get(row.key);
  if (rows === undefined) side.set(row.key, [row]);
  else rows.push(row);
};

export const joinContests: readonly Contest[] = [
  {
    name: 'interval join',
    inputs: 2,
    isKeyed: true,
    pipeline: ({ left, right }) =>
      pipeline('interval-join', { from: { left, right } }, (from) => [
        intervalJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'close',
          before: '5s',
          select: pair,
        }).to(answers()),
      ]),
    read: pairValue,
    loop: (out) => {
      const lefts = new Map<number, Row[]>();
      const rights = new Map<number, Row[]>();
      const highest = new Highest();
      const tick = everySecond(() => {
        for (const [side, reachMs] of [
          [lefts, 0],
          [rights, BEFORE_MS],
        ] as const) {
          for (const [key, rows] of side) {
            const kept = rows.filter(({ at }) => at + reachMs >= highest.watermark);
            if (kept.length === 0) side.delete(key);
            else if (kept.length < rows.length) side.set(key, kept);
          }
        }
      });
      return {
        row: (row, now, isRight) => {
          tick(now);
          highest.saw(row.at);
          push(isRight ? rights : lefts, row);
          for (const other of (isRight ? lefts : rights).get(row.key) ?? []) {
            const [left, right] = isRight ? [other, row] : [row, other];
            if (right.at <= left.at && right.at >= left.at - BEFORE_MS) out(pairValue(pair(left, right)));
          }
        },
        end: () => undefined,
      };
    },
  },
  {
    name: 'window join',
    inputs: 2,
    isKeyed: true,
    pipeline: ({ left, right }) =>
      pipeline('window-join', { from: { left, right } }, (from) => [
        windowJoin(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'together',
          window: tumbling('10s'),
          how: 'inner',
          select: pair,
        }).to(answers()),
      ]),
    read: pairValue,
    loop: (out) => {
      const windows = new Map<number, { lefts: Map<number, Row[]>; rights: Map<number, Row[]> }>();
      const highest = new Highest();
      let nextEnd = WINDOW_MS;
      const closeUpTo = (watermark: number): void => {
        for (; windows.size > 0 && nextEnd <= watermark; nextEnd += WINDOW_MS) {
          const window = windows.get(nextEnd);
          windows.delete(nextEnd);
          for (const [key, rows] of window?.lefts ?? []) {
            const others = window!.rights.get(key) ?? [];
            for (const left of rows) for (const right of others) out(pairValue(pair(left, right)));
          }
        }
      };
      return {
        row: (row, _, isRight) => {
          const end = row.at - (row.at % WINDOW_MS) + WINDOW_MS;
          let window = windows.get(end);
          if (window === undefined) windows.set(end, (window = { lefts: new Map(), rights: new Map() }));
          push(isRight ? window.rights : window.lefts, row);
          highest.saw(row.at);
          closeUpTo(highest.watermark);
        },
        end: () => closeUpTo(Infinity),
      };
    },
  },
  {
    name: 'as-of join',
    inputs: 2,
    isKeyed: true,
    pipeline: ({ left, right }) =>
      pipeline('as-of-join', { from: { left, right } }, (from) => [
        asOf(from.left.keyBy('key'), from.right.keyBy('key'), {
          name: 'with-version',
          within: '60s',
          how: 'left',
        }).to(answers()),
      ]),
    // Which version goes with a row at the edge of what is kept is the engine's to say: rows are counted.
    read: () => 1,
    loop: (out) => {
      const tables = new Map<number, { versions: Row[]; heardAt: number }>();
      const tick = everySecond((now) => {
        for (const [key, { heardAt }] of tables) if (heardAt + WITHIN_MS <= now) tables.delete(key);
      });
      return {
        row: (row, now, isRight) => {
          tick(now);
          let table = tables.get(row.key);
          if (table === undefined) tables.set(row.key, (table = { versions: [], heardAt: now }));
          table.heardAt = now;
          const { versions } = table;
          if (!isRight) {
            let at = versions.length - 1;
            while (at > 0 && versions[at]!.at > row.at) at -= 1;
            const found: Pair = { left: row, right: versions[at] ?? null };
            if (found.left === row) out(1);
            return;
          }
          let at = versions.length;
          while (at > 0 && versions[at - 1]!.at > row.at) at -= 1;
          versions.splice(at, 0, row);
          const newest = versions[versions.length - 1]!.at;
          if (versions[0]!.at + WITHIN_MS < newest) versions.shift();
        },
        end: () => undefined,
      };
    },
  },
];
