import type { Auction, Bid, NexmarkEvent, Person } from './events.ts';

/** Event time of the first event. */
const BEGIN_MS = 1_700_000_000_000;
/** Nexmark's default rate: 10,000 events a second of event time. */
const EVENTS_PER_MS = 10;
/** One event of ten is late, by less than three seconds. */
const LATE_SHARE = 0.1;
const LATE_LESS_THAN_MS = 3_000;

/** Of each fifty events the first is a person, the next three are auctions, the others bids. */
const CYCLE = 50;
const AUCTIONS_PER_CYCLE = 3;

const FIRST_ID = 1_000;
const FIRST_CATEGORY = 10;
const CATEGORIES = 5;
/** Who still sells and bids, and what is still bid for. */
const ACTIVE_PERSONS = 1_000;
const OPEN_AUCTIONS = 2_000;
/** A hot seller, bidder or auction is the newest whose number is a multiple of this. */
const HOT_EVERY = 100;
const HOT_SELLER_SHARE = 0.75;
const HOT_BIDDER_SHARE = 0.75;
const HOT_AUCTION_SHARE = 0.5;
const HOT_CHANNEL_SHARE = 0.5;
const OTHER_CHANNELS = 10_000;
/** Mean life of an auction: the time in which as many new ones come as are open. */
const MEAN_LIFE_MS = Math.round((OPEN_AUCTIONS * CYCLE) / AUCTIONS_PER_CYCLE / EVENTS_PER_MS);

const hotChannels = ['Google', 'Facebook', 'Baidu', 'Apple'] as const;
const states = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'] as const;
const cities = ['Bend', 'Boise', 'Cheyenne', 'Kent', 'Phoenix', 'Portland', 'Redmond', 'Seattle'] as const;
const firstNames = [
  'Ada',
  'Bela',
  'Carla',
  'Dmitri',
  'Emeka',
  'Farah',
  'Goran',
  'Hana',
  'Ivo',
  'Jun',
] as const;
const lastNames = ['Adler', 'Brook', 'Castillo', 'Dahl', 'Eze', 'Fontaine', 'Grant', 'Haruki'] as const;
const letters = 'abcdefghijklmnopqrstuvwxyz';

interface Wanted {
  readonly events: number;
  /** Numbers in [0; 1). */
  readonly random: () => number;
}

/** Draws from one stream of random numbers. */
const drawer = (random: () => number) => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const text = (length: number): string => Array.from({ length }, () => letters[below(26)]).join('');
  /** Made once: drawing every letter of every event anew would take most of the time. */
  const paddings = Array.from({ length: 512 }, () => text(30 + below(40)));
  return {
    below,
    chance: (share: number): boolean => random() < share,
    oneOf: <T>(list: readonly T[]): T => list[below(list.length)]!,
    padding: (): string => paddings[below(paddings.length)]!,
    /** From 1.00 to 1,000,000.00, every power of ten as likely as any other. */
    price: (): number => Math.round(10 ** (random() * 6) * 100),
  };
};
type Drawer = ReturnType<typeof drawer>;

const lastHot = (count: number): number => FIRST_ID + count - 1 - ((count - 1) % HOT_EVERY);
const oneOfLast = ({ below }: Drawer, window: number, count: number): number =>
  FIRST_ID + count - 1 - below(Math.min(window, count));

const personOf = (draw: Drawer, id: number, dateTime: number): Person => {
  const first = draw.oneOf(firstNames);
  const last = draw.oneOf(lastNames);
  const digits = (): number => 1_000 + draw.below(9_000);
  return {
    id,
    name: `${first} ${last}`,
    emailAddress: `${draw.padding().slice(0, 8)}@example.com`,
    creditCard: `${digits()} ${digits()} ${digits()} ${digits()}`,
    city: draw.oneOf(cities),
    state: draw.oneOf(states),
    dateTime,
    extra: draw.padding(),
  };
};

const auctionOf = (draw: Drawer, id: number, dateTime: number, persons: number): Auction => ({
  id,
  itemName: draw.padding().slice(0, 18),
  description: `${draw.padding()} ${draw.padding()}`,
  initialBid: draw.price(),
  reserve: draw.price(),
  dateTime,
  expires: dateTime + 1 + draw.below(2 * MEAN_LIFE_MS),
  seller: draw.chance(HOT_SELLER_SHARE) ? lastHot(persons) : oneOfLast(draw, ACTIVE_PERSONS, persons),
  category: FIRST_CATEGORY + draw.below(CATEGORIES),
  extra: draw.padding(),
});

const bidOf = (draw: Drawer, dateTime: number, persons: number, auctions: number): Bid => {
  const channel = draw.chance(HOT_CHANNEL_SHARE)
    ? draw.oneOf(hotChannels)
    : `channel-${draw.below(OTHER_CHANNELS)}`;
  return {
    auction: draw.chance(HOT_AUCTION_SHARE) ? lastHot(auctions) : oneOfLast(draw, OPEN_AUCTIONS, auctions),
    bidder: draw.chance(HOT_BIDDER_SHARE) ? lastHot(persons) : oneOfLast(draw, ACTIVE_PERSONS, persons),
    price: draw.price(),
    channel,
    url: `https://auctions.example.com/${draw.padding().slice(0, 12)}/item.htm?query=1`,
    dateTime,
    extra: draw.padding(),
  };
};

/**
 * The auction site of Nexmark, event by event in the order in which they are heard. Proportions, hot keys and prices
 * follow Tucker, Tufte, Papadimos and Maier, "NEXMark: A Benchmark for Queries over Data Streams", and the generator
 * that Beam and the Nexmark community keep; 2,000 auctions are open at a time instead of 100, so that they live for
 * seconds (3.3 s in the mean) and joins have something to hold.
 *
 * Event n is heard at BEGIN + n ÷ 10 ms: event 25 at BEGIN + 2 ms, unless it is one of the late ones. A person is
 * heard before any auction of theirs, an auction before any bid for it; their event times need not be in that order.
 */
export function* generateEvents({ events, random }: Wanted): Generator<NexmarkEvent, void, undefined> {
  const draw = drawer(random);
  let persons = 0;
  let auctions = 0;
  for (let index = 0; index < events; index += 1) {
    const late = draw.chance(LATE_SHARE) ? draw.below(LATE_LESS_THAN_MS) : 0;
    const time = BEGIN_MS + Math.floor(index / EVENTS_PER_MS) - late;
    const place = index % CYCLE;
    if (place === 0) {
      yield { event_type: 0, person: personOf(draw, FIRST_ID + persons, time) };
      persons += 1;
    } else if (place <= AUCTIONS_PER_CYCLE) {
      yield { event_type: 1, auction: auctionOf(draw, FIRST_ID + auctions, time, persons) };
      auctions += 1;
    } else {
      yield { event_type: 2, bid: bidOf(draw, time, persons, auctions) };
    }
  }
}
