import { type Bid, eventTime } from '../../events.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q18>
/** Bidder and auction in one number: ids of both stay below 2^26. */
const pair = ({ bidder, auction }: Bid): number => bidder * 2 ** 26 + auction;

export const q18: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<number, Bid>(),
    (bids) => {
      for (const { auction, bidder, price, dateTime } of bids.values())
        out.add4(auction, bidder, price, dateTime);
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { bid } = event;
        const bids = windows.at(time);
        const key = pair(bid);
        const last = bids.get(key);
        if (
          last === undefined ||
          time > last.dateTime ||
          (time === last.dateTime && bid.price > last.price)
        ) {
          bids.set(key, bid);
        }
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q18>
