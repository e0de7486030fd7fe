import { SLIDE_MS, WINDOW_MS } from '../times.ts';
import { grouped, largest, ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

/** Ends of all windows that a time lies in: 10 s wide, each 2 s; 11.5 s → 12, 14, 16, 18, 20 s. */
const windowEnds = (time: number): readonly number[] => {
  const ends: number[] = [];
  const first = time - (time % SLIDE_MS) + SLIDE_MS;
  for (let end = first; end - WINDOW_MS <= time; end += SLIDE_MS) ends.push(end);
  return ends;
};

export const q5: Oracle = (events) => {
  const inWindows = bidsOf(events).flatMap(({ auction, dateTime }) =>
    windowEnds(dateTime).map((end) => ({ auction, end })),
  );
  return ofEachGroup(
    inWindows,
    ({ end }) => end,
    (inWindow, end) => {
      const counts = [...grouped(inWindow, ({ auction }) => auction)].map(([auction, bids]) => ({
        auction,
        count: bids.length,
      }));
      const most = largest(counts.map(({ count }) => count));
      return counts.filter(({ count }) => count === most).map(({ auction, count }) => [auction, count, end]);
    },
  );
};
