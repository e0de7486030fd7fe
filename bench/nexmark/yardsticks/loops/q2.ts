import type { MakeLoop } from './loop.ts';

// <q2>
export const q2: MakeLoop = (out) => ({
  on: (event) => {
    if (event.event_type !== 2 || event.bid.auction % 123 !== 0) return;
    out.add2(event.bid.auction, event.bid.price);
  },
  end: () => undefined,
});
// </q2>
