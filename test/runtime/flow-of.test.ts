import {
  firstValueFrom,
  from,
  interval,
  lastValueFrom,
  map as rxMap,
  NEVER,
  Subject,
  take,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { absence } from '../../operators/absence.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { flowOf, flowsOf } from '../../runtime/flow-of.ts';
import { tumbling } from '../../runtime/window-spec.ts';

interface Scan {
  readonly at: number;
  readonly key: string;
}
const scans: readonly Scan[] = [
  { at: 1, key: 'a' },
  { at: 4, key: 'b' },
  { at: 9, key: 'a' },
  { at: 12, key: 'a' },
];
const at = (row: Scan): number => row.at;

describe('a flow made of an Observable', () => {
  it('is an Observable of what comes out, with all of RxJS behind it', async () => {
    const windows = flowOf(from(scans), { at })
      .keyBy('key')
      .window(tumbling('10ms'))
      .through(aggregate('scans', { rows: count() }));
    const said = windows.pipe(
      rxMap(({ key, windowEnd, rows }) => `${key} ${windowEnd} ${rows}`),
      toArray(),
    );
    expect(await lastValueFrom(said)).toEqual(['a 10 2', 'b 10 1', 'a 20 1']);
    // Each subscription runs it anew.
    expect(await lastValueFrom(said)).toHaveLength(3);
  });

  it('hands rows on in the turn of the event loop in which they came, without waiting for the end', async () => {
    const rows = new Subject<Scan>();
    const first = firstValueFrom(flowOf(rows).through(where(({ key }) => key === 'b')));
    for (const scan of scans) rows.next(scan);
    expect(await first).toEqual({ at: 4, key: 'b' });
  });

  it('joins with others of its kind', async () => {
    const flows = flowsOf({ scans: { rows: scans, at }, plans: { rows: [{ key: 'a', from: 'X' }] } });
    const inputs = { scans: flows.scans.keyBy('key'), plans: flows.plans.keyBy('key') };
    const both = keyedProcess('both', {
      inputs,
      emits: rowsOf<string>(),
      initial: [] as readonly number[],
      on: {
        scans: (scan, context) => context.set([...context.state, scan.at]),
        plans: (plan, context) => context.emit(`${plan.from} after ${context.state.join(' ')}`),
      },
    });
    expect(await lastValueFrom(both)).toBe('X after 1 9 12');
  });

  it('goes through a change of key', async () => {
    const byKey = flowOf(scans, { at })
      .rekey('keys', ({ key }) => key)
      .window(tumbling('10ms'))
      .through(aggregate('scans', { rows: count() }));
    expect((await lastValueFrom(byKey.pipe(toArray()))).map(({ key, rows }) => `${key} ${rows}`)).toEqual([
      'a 2',
      'b 1',
      'a 1',
    ]);
  });

  it('ends with the error of a callback, of the feed, or of a definition that does not fit', async () => {
    const broken = flowOf(scans).through(
      map((): never => {
        throw new Error('no');
      }),
    );
    await expect(lastValueFrom(broken)).rejects.toThrow('no');
    const timeless = flowOf(scans)
      .keyBy('key')
      .window(tumbling('10ms'))
      .through(aggregate('scans', { rows: count() }));
    await expect(lastValueFrom(timeless)).rejects.toThrow(/^FW210 .* topic "rows" have no event time/);
  });

  it('stops its feeds when it is unsubscribed', async () => {
    let live = 0;
    const feed = new Subject<Scan>();
    const counted = flowsOf({
      scans: { rows: feed, at },
      never: { rows: NEVER, at },
    });
    const all = counted.scans.union(counted.never).subscribe(() => {
      live += 1;
    });
    expect(feed.observed).toBe(true);
    all.unsubscribe();
    expect(feed.observed).toBe(false);
    feed.next(scans[0]!);
    await firstValueFrom(interval(1).pipe(take(1)));
    expect(live).toBe(0);
  });

  it('fires the timers of event time to the end, and those of log time as rows come', async () => {
    const silent = absence(flowOf(scans, { at }).keyBy('key'), {
      name: 'silent',
      // Log time counts the rows here.
      expectedBy: (_, now) => now + 2,
    });
    expect(
      (await lastValueFrom(silent.pipe(toArray()))).map(({ state, row }) => `${state} ${row.key}`),
    ).toEqual(['missing a', 'back a', 'missing b']);
  });
});
