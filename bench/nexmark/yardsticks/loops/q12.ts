import { eventTime } from '../../events.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q12>
export const q12: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<number, number>(),
    (counts, end) => {
      for (const [bidder, count] of counts) out.add3(bidder, count, end);
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const counts = windows.at(time);
        const { bidder } = event.bid;
        counts.set(bidder, (counts.get(bidder) ?? 0) + 1);
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q12>
