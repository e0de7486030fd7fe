import { textNumber } from '../row-sum.ts';
import { grouped } from './grouped.ts';
import { auctionsOf, personsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

const states = ['OR', 'ID', 'CA'];

export const q3: Oracle = (events) => {
  const auctions = grouped(
    auctionsOf(events).filter(({ category }) => category === 10),
    ({ seller }) => seller,
  );
  return personsOf(events)
    .filter(({ state }) => states.includes(state))
    .flatMap(({ id, name, city, state }) =>
      (auctions.get(id) ?? []).map((auction) => [
        textNumber(name),
        textNumber(city),
        textNumber(state),
        auction.id,
      ]),
    );
};
