import { eventTime } from '../../events.ts';
import { minuteOfDay, priceClass } from '../../price-class.ts';
import { textNumber } from '../../row-sum.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q16>
/** One bit a price class, so that one map tells the distinct values of all classes. */
type Seen = Map<number, number>;

interface Channel {
  minute: number;
  readonly bids: [number, number, number];
  readonly bidders: Seen;
  readonly auctions: Seen;
}

const distinct = (seen: Seen): readonly number[] => {
  const counts = [seen.size, 0, 0, 0];
  for (const classes of seen.values()) {
    for (let nth = 0; nth < 3; nth += 1) if ((classes & (1 << nth)) !== 0) counts[nth + 1]! += 1;
  }
  return counts;
};

export const q16: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => new Map<string, Channel>(),
    (channels, end) => {
      for (const [name, { minute, bids, bidders, auctions }] of channels) {
        const all = bids[0] + bids[1] + bids[2];
        out.add([textNumber(name), end, minute, all, ...bids, ...distinct(bidders), ...distinct(auctions)]);
      }
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 2) {
        const { bidder, auction, price, channel: name } = event.bid;
        const channels = windows.at(time);
        let channel = channels.get(name);
        if (channel === undefined) {
          channel = { minute: 0, bids: [0, 0, 0], bidders: new Map(), auctions: new Map() };
          channels.set(name, channel);
        }
        const nth = priceClass(price);
        const minute = minuteOfDay(time);
        if (minute > channel.minute) channel.minute = minute;
        channel.bids[nth] += 1;
        channel.bidders.set(bidder, (channel.bidders.get(bidder) ?? 0) | (1 << nth));
        channel.auctions.set(auction, (channel.auctions.get(auction) ?? 0) | (1 << nth));
      }
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q16>
