import fc from 'fast-check';
import type { NexmarkEvent } from '../../../bench/nexmark/events.ts';
import { DISORDER_MS, SESSION_GAP_MS } from '../../../bench/nexmark/times.ts';
import { auction, bid, person, T0 } from './hand-made.ts';

const drawn = fc.record({
  kind: fc.constantFrom('person', 'auction', 'bid', 'bid', 'bid', 'bid'),
  /** Mostly small steps, so that sessions and ties happen; some large, so that windows close. */
  step: fc.oneof(
    fc.constant(0),
    fc.constant(SESSION_GAP_MS),
    fc.integer({ min: 0, max: 400 }),
    fc.integer({ min: 0, max: 9_000 }),
  ),
  late: fc.oneof(fc.constant(0), fc.constant(DISORDER_MS), fc.integer({ min: 0, max: DISORDER_MS })),
  one: fc.integer({ min: 1, max: 5 }),
  other: fc.integer({ min: 1, max: 5 }),
  price: fc.constantFrom(1, 2, 9_999, 10_000, 999_999, 1_000_000),
  life: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12_000 })),
});

/**
 * Few keys, many ties, and lateness up to the disorder. Ids of persons and auctions count from 1, as they come, while
 * bids and sellers go by any of the first five, whether they have come yet or ever will.
 */
export const randomEvents: fc.Arbitrary<readonly NexmarkEvent[]> = fc
  .array(drawn, { maxLength: 120 })
  .map((draws) => {
    let latest = T0;
    let persons = 0;
    let auctions = 0;
    return draws.map(({ kind, step, late, one, other, price, life }) => {
      latest += step;
      const dateTime = latest - late;
      if (kind === 'bid') {
        return bid({ auction: one, bidder: other, price, channel: ['Apple', 'x'][one % 2]!, dateTime });
      }
      if (kind === 'person') {
        persons += 1;
        return person({ id: persons, state: one % 2 === 0 ? 'OR' : 'WA', dateTime });
      }
      auctions += 1;
      return auction({ id: auctions, seller: one, category: 9 + other, dateTime, expires: dateTime + life });
    });
  });
