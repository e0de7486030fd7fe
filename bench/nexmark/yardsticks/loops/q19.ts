import { type Bid, eventTime } from '../../events.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q19>
const KEPT = 10;

const before = (a: Bid, b: Bid): boolean => {
  if (a.price !== b.price) return a.price > b.price;
  return a.dateTime === b.dateTime ? a.bidder < b.bidder : a.dateTime < b.dateTime;
};

/** Keeps the first ten in order, by insertion: most bids are not among them and cost one comparison. */
const keep = (top: Bid[], bid: Bid): void => {
  if (top.length === KEPT) {
    if (!before(bid, top[KEPT - 1]!)) return;
    top.pop();
  }
  let at = top.length;
  top.push(bid);
  for (; at > 0 && before(bid, top[at - 1]!); at -= 1) top[at] = top[at - 1]!;
  top[at] = bid;
};

export const q19: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<number, Bid[]>(),
    (auctions) => {
      for (const top of auctions.values()) {
        for (const [index, { auction, bidder, price, dateTime }] of top.entries()) {
          out.add([auction, index + 1, bidder, price, dateTime]);
        }
      }
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { bid } = event;
        const auctions = windows.at(time);
        const top = auctions.get(bid.auction);
        if (top === undefined) auctions.set(bid.auction, [bid]);
        else keep(top, bid);
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q19>
