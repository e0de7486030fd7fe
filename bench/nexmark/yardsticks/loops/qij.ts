import { type Auction, eventTime } from '../../events.ts';
import { everySecond } from './every-second.ts';
import type { MakeLoop } from './loop.ts';
import { OpenAuctions } from './open-auctions.ts';

// <qij>
export const qij: MakeLoop = (out) => {
  const auctions = new OpenAuctions<Auction>((_auction, { auction, bidder, price, dateTime }) =>
    out.add4(auction, bidder, price, dateTime),
  );
  const tick = everySecond((watermark) => auctions.sweep(watermark));
  return {
    on: (event) => {
      if (event.event_type === 2) auctions.bid(event.bid);
      else if (event.event_type === 1) auctions.open(event.auction);
      tick(eventTime(event));
    },
    end: () => undefined,
  };
};
// </qij>
