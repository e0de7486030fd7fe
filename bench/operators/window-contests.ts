import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { max } from '../../operators/aggregates/max.ts';
import { sum } from '../../operators/aggregates/sum.ts';
import { top } from '../../operators/top.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { everyRows, hopping, session, tumbling, type WindowSpec } from '../../runtime/window-spec.ts';
import { answers } from './answers.ts';
import type { Contest, HandLoop, Sink } from './contest.ts';
import type { Row } from './input.ts';
import { everySecond, Highest } from './sweep.ts';

const SIZE_MS = 60_000;
const SLIDE_MS = 20_000;
const GAP_MS = 1_000;
const ROWS = 10;
const BEST = 3;

interface Counted {
  readonly n: number;
}

const overWindows =
  (name: string, spec: WindowSpec): Contest['pipeline'] =>
  ({ left }) =>
    pipeline(name, { from: { left } }, (from) => [
      from.left
        .keyBy('key')
        .window(spec)
        .through(aggregate('results', { n: count() }))
        .to(answers()),
    ]);

/** Panes of a Map each; `close` says a window that ends, given the panes that lie in it. */
const panes = <V>(
  sizeMs: number,
  slideMs: number,
  add: (before: V | undefined, row: Row) => V,
  close: (panes: readonly ReadonlyMap<number, V>[], end: number) => void,
): HandLoop => {
  const open = new Map<number, Map<number, V>>();
  const highest = new Highest();
  let pane = new Map<number, V>();
  let paneStart = -Infinity;
  let nextEnd = -Infinity;
  const paneAt = (at: number): Map<number, V> => {
    const start = at - (at % slideMs);
    let found = open.get(start);
    if (found === undefined) open.set(start, (found = new Map()));
    paneStart = start;
    return (pane = found);
  };
  const closeUpTo = (watermark: number): void => {
    while (open.size > 0 && nextEnd <= watermark) {
      const inside: ReadonlyMap<number, V>[] = [];
      for (let start = nextEnd - sizeMs; start < nextEnd; start += slideMs) {
        const found = open.get(start);
        if (found !== undefined) inside.push(found);
      }
      close(inside, nextEnd);
      open.delete(nextEnd - sizeMs);
      nextEnd += slideMs;
      paneStart = -Infinity;
    }
  };
  return {
    row: (row) => {
      const { key, at } = row;
      const into = at >= paneStart && at < paneStart + slideMs ? pane : paneAt(at);
      if (nextEnd === -Infinity) nextEnd = paneStart + slideMs;
      into.set(key, add(into.get(key), row));
      highest.saw(at);
      if (nextEnd <= highest.watermark) closeUpTo(highest.watermark);
    },
    end: () => closeUpTo(Infinity),
  };
};

const tumblingLoop = (out: Sink, add: (before: number | undefined, row: Row) => number): HandLoop =>
  panes<number>(SIZE_MS, SIZE_MS, add, ([pane], end) => {
    for (const [key, n] of pane!) {
      const result = { key, windowStart: end - SIZE_MS, windowEnd: end, n };
      out(result.n);
    }
  });

const addOne = (before = 0): number => before + 1;

/** Sums into the first of the panes' counts that a key has, as one writes it with Maps. */
const hoppingLoop = (out: Sink): HandLoop =>
  panes<number>(SIZE_MS, SLIDE_MS, addOne, (inside, end) => {
    const together = new Map<number, number>();
    for (const pane of inside) for (const [key, n] of pane) together.set(key, (together.get(key) ?? 0) + n);
    for (const [key, n] of together) {
      const result = { key, windowStart: end - SIZE_MS, windowEnd: end, n };
      out(result.n);
    }
  });

interface Session {
  first: number;
  last: number;
  n: number;
}

const sessionLoop = (out: Sink): HandLoop => {
  const byKey = new Map<number, Session[]>();
  const highest = new Highest();
  const closeTo = (watermark: number): void => {
    for (const [key, sessions] of byKey) {
      const kept = sessions.filter(({ last }) => last + GAP_MS > watermark);
      for (const one of sessions) if (one.last + GAP_MS <= watermark) out(one.n);
      if (kept.length === 0) byKey.delete(key);
      else if (kept.length < sessions.length) byKey.set(key, kept);
    }
  };
  const tick = everySecond(() => closeTo(highest.watermark));
  return {
    row: ({ key, at }, now) => {
      tick(now);
      highest.saw(at);
      let sessions = byKey.get(key);
      if (sessions === undefined) byKey.set(key, (sessions = []));
      let joined: Session | undefined;
      for (let index = 0; index < sessions.length; index++) {
        const one = sessions[index]!;
        if (at >= one.last + GAP_MS || at <= one.first - GAP_MS) continue;
        if (joined === undefined) {
          joined = one;
          one.n += 1;
          one.first = Math.min(one.first, at);
          one.last = Math.max(one.last, at);
        } else {
          joined.n += one.n;
          joined.first = Math.min(joined.first, one.first);
          joined.last = Math.max(joined.last, one.last);
          sessions.splice(index, 1);
          break;
        }
      }
      if (joined === undefined) sessions.push({ first: at, last: at, n: 1 });
    },
    end: () => closeTo(Infinity),
  };
};

const countLoop = (out: Sink): HandLoop => {
  const byKey = new Map<number, { n: number; first: number; last: number }>();
  const highest = new Highest();
  const expire = (watermark: number): void => {
    for (const [key, { n, last }] of byKey) {
      if (last + SIZE_MS > watermark) continue;
      byKey.delete(key);
      out(n);
    }
  };
  const tick = everySecond(() => expire(highest.watermark));
  return {
    row: ({ key, at }, now) => {
      tick(now);
      let group = byKey.get(key);
      if (group !== undefined && group.last + SIZE_MS <= highest.watermark) {
        out(group.n);
        group = undefined;
      }
      highest.saw(at);
      if (group === undefined) byKey.set(key, (group = { n: 0, first: at, last: at }));
      group.n += 1;
      if (at < group.first) group.first = at;
      if (at > group.last) group.last = at;
      if (group.n < ROWS) return;
      byKey.delete(key);
      out(group.n);
    },
    end: () => expire(Infinity),
  };
};

/** Keeps the best rows in order, the greatest first. */
const addToBest = (best: Row[] = [], row: Row): Row[] => {
  if (best.length === BEST && row.value <= best[BEST - 1]!.value) return best;
  let at = best.length;
  while (at > 0 && best[at - 1]!.value < row.value) at -= 1;
  best.splice(at, 0, row);
  if (best.length > BEST) best.pop();
  return best;
};

const n = (row: Counted): number => row.n;

export const windowContests: readonly Contest[] = [
  {
    name: 'tumbling, count',
    inputs: 1,
    isKeyed: true,
    pipeline: overWindows('tumbling-count', tumbling('60s')),
    read: n,
    loop: (out) => tumblingLoop(out, addOne),
  },
  {
    name: 'tumbling, sum',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('tumbling-sum', { from: { left } }, (from) => [
        from.left
          .keyBy('key')
          .window(tumbling('60s'))
          .through(aggregate('results', { n: sum('value') }))
          .to(answers()),
      ]),
    read: n,
    loop: (out) => tumblingLoop(out, (before = 0, { value }) => before + value),
  },
  {
    name: 'tumbling, max',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('tumbling-max', { from: { left } }, (from) => [
        from.left
          .keyBy('key')
          .window(tumbling('60s'))
          .through(aggregate('results', { n: max('value') }))
          .to(answers()),
      ]),
    read: n,
    loop: (out) =>
      tumblingLoop(out, (before, { value }) => (before === undefined || value > before ? value : before)),
  },
  {
    name: 'hopping, count',
    inputs: 1,
    isKeyed: true,
    pipeline: overWindows('hopping-count', hopping('60s', '20s')),
    read: n,
    loop: hoppingLoop,
  },
  {
    name: 'session, count',
    inputs: 1,
    isKeyed: true,
    pipeline: overWindows('session-count', session('1s')),
    read: n,
    loop: sessionLoop,
  },
  {
    name: 'every 10 rows, count',
    inputs: 1,
    isKeyed: true,
    pipeline: overWindows('rows-count', everyRows(ROWS, { ttl: '60s' })),
    read: n,
    loop: countLoop,
  },
  {
    name: 'tumbling, top 3',
    inputs: 1,
    isKeyed: true,
    pipeline: ({ left }) =>
      pipeline('tumbling-top', { from: { left } }, (from) => [
        from.left
          .keyBy('key')
          .window(tumbling('60s'))
          .through(top('best', 'value', { k: BEST }))
          .to(answers()),
      ]),
    read: ({ value }: Row) => value,
    loop: (out) =>
      panes<Row[]>(SIZE_MS, SIZE_MS, addToBest, ([pane]) => {
        for (const best of pane!.values()) for (const { value } of best) out(value);
      }),
  },
];
