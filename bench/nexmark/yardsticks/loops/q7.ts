import { type Bid, eventTime } from '../../events.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q7>
export const q7: MakeLoop = (out) => {
  const windows = new Tumbling(
    (): { price: number; bids: Bid[] } => ({ price: -1, bids: [] }),
    ({ bids }) => {
      for (const { auction, bidder, price, dateTime } of bids) out.add4(auction, bidder, price, dateTime);
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { bid } = event;
        const highest = windows.at(time);
        if (bid.price > highest.price) {
          highest.price = bid.price;
          highest.bids = [bid];
        } else if (bid.price === highest.price) highest.bids.push(bid);
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q7>
