import type { MakeLoop } from './loop.ts';

// <q1>
export const q1: MakeLoop = (out) => ({
  on: (event) => {
    if (event.event_type !== 2) return;
    const { auction, bidder, price, dateTime } = event.bid;
    out.add4(auction, bidder, Math.floor((price * 908) / 1000), dateTime);
  },
  end: () => undefined,
});
// </q1>
