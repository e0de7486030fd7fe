import { grouped } from './grouped.ts';
import { auctionsOf, bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const qij: Oracle = (events) => {
  const auctions = grouped(auctionsOf(events), ({ id }) => id);
  return bidsOf(events).flatMap(({ auction, bidder, price, dateTime }) =>
    (auctions.get(auction) ?? [])
      .filter((open) => open.dateTime <= dateTime && dateTime <= open.expires)
      .map(() => [auction, bidder, price, dateTime]),
  );
};
