import type { Person } from '../../events.ts';
import { textNumber } from '../../row-sum.ts';
import type { MakeLoop } from './loop.ts';

// <q3>
const states = new Set(['OR', 'ID', 'CA']);

/** Persons are kept for ever, as the query asks; auctions only until their seller has come. */
export const q3: MakeLoop = (out) => {
  const persons = new Map<number, Person | null>();
  const waiting = new Map<number, number[]>();
  const add = ({ name, city, state }: Person, auction: number): void =>
    out.add4(textNumber(name), textNumber(city), textNumber(state), auction);
  return {
    on: (event) => {
      if (event.event_type === 0) {
        const { person } = event;
        const wanted = states.has(person.state);
        persons.set(person.id, wanted ? person : null);
        const auctions = waiting.get(person.id);
        if (auctions === undefined) return;
        waiting.delete(person.id);
        if (wanted) for (const auction of auctions) add(person, auction);
      } else if (event.event_type === 1 && event.auction.category === 10) {
        const { id, seller } = event.auction;
        const person = persons.get(seller);
        if (person !== undefined) {
          if (person !== null) add(person, id);
          return;
        }
        const auctions = waiting.get(seller);
        if (auctions === undefined) waiting.set(seller, [id]);
        else auctions.push(id);
      }
    },
    end: () => undefined,
  };
};
// </q3>
