import type { Auction, Bid, NexmarkEvent, Person } from '../../../bench/nexmark/events.ts';

/** A round time that all windows begin at, so that tests can count from 0. */
export const T0 = 1_700_000_000_000;

export const person = (of: Partial<Person> & Pick<Person, 'id' | 'dateTime'>): NexmarkEvent => ({
  event_type: 0,
  person: { name: 'A', emailAddress: '', creditCard: '', city: 'B', state: 'OR', extra: '', ...of },
});

export const auction = (of: Partial<Auction> & Pick<Auction, 'id' | 'dateTime'>): NexmarkEvent => ({
  event_type: 1,
  auction: {
    itemName: '',
    description: '',
    initialBid: 1,
    reserve: 1,
    expires: of.dateTime + 5_000,
    seller: 1,
    category: 10,
    extra: '',
    ...of,
  },
});

export const bid = (of: Partial<Bid> & Pick<Bid, 'dateTime'>): NexmarkEvent => ({
  event_type: 2,
  bid: { auction: 1, bidder: 1, price: 100, channel: 'Apple', url: '', extra: '', ...of },
});
