import { eventTime } from '../../events.ts';
import { DISORDER_MS, SLIDE_MS, WINDOW_MS } from '../../times.ts';
import type { MakeLoop } from './loop.ts';

// <q5>
/** Counts in panes of one slide; a window adds up its five panes when it closes. */
export const q5: MakeLoop = (out) => {
  const panes = new Map<number, Map<number, number>>();
  let paneStart = -Infinity;
  let pane = new Map<number, number>();
  let latest = -Infinity;
  let nextEnd = Infinity;

  const paneAt = (time: number): Map<number, number> => {
    const start = time - (time % SLIDE_MS);
    let found = panes.get(start);
    if (found === undefined) {
      found = new Map();
      panes.set(start, found);
      nextEnd = Math.min(nextEnd, start + SLIDE_MS);
    }
    paneStart = start;
    pane = found;
    return found;
  };

  const close = (end: number): void => {
    const counts = new Map<number, number>();
    for (let start = end - WINDOW_MS; start < end; start += SLIDE_MS) {
      for (const [auction, count] of panes.get(start) ?? [])
        counts.set(auction, (counts.get(auction) ?? 0) + count);
    }
    let most = 0;
    for (const count of counts.values()) if (count > most) most = count;
    for (const [auction, count] of counts) if (count === most) out.add3(auction, count, end);
    panes.delete(end - WINDOW_MS);
  };

  const closeTo = (watermark: number): void => {
    while (nextEnd <= watermark && panes.size > 0) {
      close(nextEnd);
      nextEnd += SLIDE_MS;
    }
    if (panes.size === 0) nextEnd = Infinity;
  };

  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const counts = time >= paneStart && time < paneStart + SLIDE_MS ? pane : paneAt(time);
        const { auction } = event.bid;
        counts.set(auction, (counts.get(auction) ?? 0) + 1);
      }
      if (time > latest) {
        latest = time;
        if (nextEnd <= time - DISORDER_MS) closeTo(time - DISORDER_MS);
      }
    },
    end: () => closeTo(Infinity),
  };
};
// </q5>
