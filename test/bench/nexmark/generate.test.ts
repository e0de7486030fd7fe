import { expect, it } from 'vitest';
import { eventTime, type NexmarkEvent } from '../../../bench/nexmark/events.ts';
import { generateEvents } from '../../../bench/nexmark/generate.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const generated = (events: number, seed = 1): readonly NexmarkEvent[] => [
  ...generateEvents({ events, random: seededRandom(seed) }),
];

it('makes the same events from the same seed, and others from another', () => {
  expect(generated(500)).toEqual(generated(500));
  expect(generated(500, 2)).not.toEqual(generated(500));
});

it('makes events only as they are asked for', () => {
  const endless = generateEvents({ events: Infinity, random: seededRandom(1) });
  expect(endless.next().value).toMatchObject({ event_type: 0, person: { id: 1_000 } });
});

it('has one person, three auctions and 46 bids of each fifty events', () => {
  const kinds = [0, 0, 0];
  for (const { event_type: kind } of generated(5_000)) kinds[kind]! += 1;
  expect(kinds).toEqual([100, 300, 4_600]);
});

it('is heard at ten events a millisecond, and late by less than three seconds for one event of ten', () => {
  const lateness = generated(20_000).map(
    (event, index) => 1_700_000_000_000 + Math.floor(index / 10) - eventTime(event),
  );
  expect(Math.min(...lateness)).toBe(0);
  expect(Math.max(...lateness)).toBeLessThan(3_000);
  expect(Math.max(...lateness)).toBeGreaterThan(2_500);
  const late = lateness.filter((ms) => ms > 0).length / lateness.length;
  expect(late).toBeGreaterThan(0.09);
  expect(late).toBeLessThan(0.11);
});

it('speaks of no person and no auction before they have been heard', () => {
  let persons = 999;
  let auctions = 999;
  for (const event of generated(20_000)) {
    if (event.event_type === 0) expect(event.person.id).toBe((persons += 1));
    else if (event.event_type === 1) {
      expect(event.auction.id).toBe((auctions += 1));
      expect(event.auction.seller).toBeLessThanOrEqual(persons);
      expect(event.auction.expires).toBeGreaterThan(event.auction.dateTime);
    } else {
      expect(event.bid.auction).toBeLessThanOrEqual(auctions);
      expect(event.bid.bidder).toBeLessThanOrEqual(persons);
    }
  }
});
