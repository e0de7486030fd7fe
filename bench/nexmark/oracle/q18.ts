import { windowEnd } from '../times.ts';
import { ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q18: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (inWindow) =>
      ofEachGroup(
        inWindow,
        ({ bidder, auction }) => `${bidder} for ${auction}`,
        (bids) => {
          const last = [...bids].sort((a, b) => b.dateTime - a.dateTime || b.price - a.price)[0]!;
          return [[last.auction, last.bidder, last.price, last.dateTime]];
        },
      ),
  );
