import { type Auction, eventTime } from '../../events.ts';
import { everySecond } from './every-second.ts';
import type { MakeLoop } from './loop.ts';
import { OpenAuctions } from './open-auctions.ts';
import { Tumbling } from './tumbling.ts';

// <q4>
type Priced = Pick<Auction, 'id' | 'category' | 'dateTime' | 'expires'> & { highest: number };

export const q4: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<number, { count: number; sum: number }>(),
    (categories, end) => {
      for (const [category, { count, sum }] of categories) out.add3(category, Math.floor(sum / count), end);
    },
  );
  const auctions = new OpenAuctions<Priced>(
    (auction, { price }) => {
      if (price > auction.highest) auction.highest = price;
    },
    ({ category, expires, highest }) => {
      if (highest < 0) return;
      const categories = windows.at(expires);
      const mean = categories.get(category);
      if (mean === undefined) categories.set(category, { count: 1, sum: highest });
      else {
        mean.count += 1;
        mean.sum += highest;
      }
    },
  );
  // An auction is priced by the first sweep after it expired, so its window closes with a sweep too, not before.
  const sweep = (watermark: number): void => {
    auctions.sweep(watermark);
    windows.closeTo(watermark);
  };
  const tick = everySecond(sweep);
  return {
    on: (event) => {
      if (event.event_type === 2) auctions.bid(event.bid);
      else if (event.event_type === 1) {
        const { id, category, dateTime, expires } = event.auction;
        auctions.open({ id, category, dateTime, expires, highest: -1 });
      }
      tick(eventTime(event));
    },
    end: () => sweep(Infinity),
  };
};
// </q4>
