import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q0: Oracle = (events) =>
  bidsOf(events).map(({ auction, bidder, price, dateTime }) => [auction, bidder, price, dateTime]);
