import { eventTime } from '../../events.ts';
import { WINDOW_MS } from '../../times.ts';
import type { MakeLoop } from './loop.ts';
import { Tumbling } from './tumbling.ts';

// <q8>
export const q8: MakeLoop = (out) => {
  const windows = new Tumbling(
    () => ({ persons: new Set<number>(), sellers: new Set<number>() }),
    ({ persons, sellers }, end) => {
      for (const person of persons) if (sellers.has(person)) out.add2(person, end - WINDOW_MS);
    },
  );
  return {
    on: (event) => {
      const time = eventTime(event);
      if (event.event_type === 0) windows.at(time).persons.add(event.person.id);
      else if (event.event_type === 1) windows.at(time).sellers.add(event.auction.seller);
      windows.advance(time);
    },
    end: () => windows.closeTo(Infinity),
  };
};
// </q8>
