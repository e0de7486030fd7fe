import { windowEnd } from '../times.ts';
import { ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q19: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (inWindow) =>
      ofEachGroup(
        inWindow,
        ({ auction }) => auction,
        (bids) =>
          [...bids]
            .sort((a, b) => b.price - a.price || a.dateTime - b.dateTime || a.bidder - b.bidder)
            .slice(0, 10)
            .map(({ auction, bidder, price, dateTime }, index) => [
              auction,
              index + 1,
              bidder,
              price,
              dateTime,
            ]),
      ),
  );
