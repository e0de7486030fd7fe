import { windowEnd } from '../times.ts';
import { ofEachGroup } from './grouped.ts';
import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q12: Oracle = (events) =>
  ofEachGroup(
    bidsOf(events),
    ({ dateTime }) => windowEnd(dateTime),
    (inWindow, end) =>
      ofEachGroup(
        inWindow,
        ({ bidder }) => bidder,
        (bids, bidder) => [[bidder, bids.length, end]],
      ),
  );
