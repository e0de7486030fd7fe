import { eventTime } from '../../events.ts';
import { priceClass } from '../../price-class.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q17>
interface Prices {
  readonly bids: [number, number, number];
  min: number;
  max: number;
  sum: number;
}

export const q17: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<number, Prices>(),
    (auctions, end) => {
      for (const [auction, { bids, min, max, sum }] of auctions) {
        const all = bids[0] + bids[1] + bids[2];
        out.add([auction, end, all, ...bids, min, max, Math.floor(sum / all), sum]);
      }
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { auction, price } = event.bid;
        const auctions = windows.at(time);
        let prices = auctions.get(auction);
        if (prices === undefined) {
          prices = { bids: [0, 0, 0], min: price, max: price, sum: 0 };
          auctions.set(auction, prices);
        }
        prices.bids[priceClass(price)] += 1;
        if (price < prices.min) prices.min = price;
        if (price > prices.max) prices.max = price;
        prices.sum += price;
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q17>
