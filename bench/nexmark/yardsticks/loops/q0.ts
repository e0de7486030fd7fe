import type { MakeLoop } from './loop.ts';

// <q0>
export const q0: MakeLoop = (out) => ({
  on: (event) => {
    if (event.event_type !== 2) return;
    const { auction, bidder, price, dateTime } = event.bid;
    out.add4(auction, bidder, price, dateTime);
  },
  end: () => undefined,
});
// </q0>
