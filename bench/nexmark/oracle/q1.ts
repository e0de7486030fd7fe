import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q1: Oracle = (events) =>
  bidsOf(events).map(({ auction, bidder, price, dateTime }) => [
    auction,
    bidder,
    Math.floor((price * 908) / 1000),
    dateTime,
  ]);
