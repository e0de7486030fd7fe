/** A person who may sell and bid. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly emailAddress: string;
  readonly creditCard: string;
  readonly city: string;
  readonly state: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly dateTime: number;
  readonly extra: string;
}

/** Something for sale, open in [dateTime; expires], both ends within. */
export interface Auction {
  readonly id: number;
  readonly itemName: string;
  readonly description: string;
  readonly initialBid: number;
  readonly reserve: number;
  readonly dateTime: number;
  readonly expires: number;
  /** Id of a person. */
  readonly seller: number;
  readonly category: number;
  readonly extra: string;
}

/** An offer of `price` cents by a person for an auction. */
export interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly channel: string;
  readonly url: string;
  readonly dateTime: number;
  readonly extra: string;
}

/** One line of a data file, in the shape that Nexmark's Flink connector reads: a kind, and what is of that kind. */
export type NexmarkEvent =
  | { readonly event_type: 0; readonly person: Person }
  | { readonly event_type: 1; readonly auction: Auction }
  | { readonly event_type: 2; readonly bid: Bid };

export const eventTime = (event: NexmarkEvent): number => {
  if (event.event_type === 2) return event.bid.dateTime;
  return event.event_type === 1 ? event.auction.dateTime : event.person.dateTime;
};
