import type { Auction, Bid, NexmarkEvent, Person } from '../events.ts';

export const personsOf = (events: readonly NexmarkEvent[]): readonly Person[] =>
  events.flatMap((event) => (event.event_type === 0 ? [event.person] : []));

export const auctionsOf = (events: readonly NexmarkEvent[]): readonly Auction[] =>
  events.flatMap((event) => (event.event_type === 1 ? [event.auction] : []));

export const bidsOf = (events: readonly NexmarkEvent[]): readonly Bid[] =>
  events.flatMap((event) => (event.event_type === 2 ? [event.bid] : []));
