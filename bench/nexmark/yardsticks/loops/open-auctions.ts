import type { Auction, Bid } from '../../events.ts';

/**
 * Brings auctions and bids together by id, whichever comes first. An auction's id comes once, so a bid waits only until
 * its auction is there. `sweep` lets go of what the watermark says nothing can meet any more: auctions that have
 * expired, and bids from before any auction that may still come.
 */
export class OpenAuctions<A extends Pick<Auction, 'id' | 'dateTime' | 'expires'>> {
  readonly #auctions = new Map<number, A>();
  readonly #waiting = new Map<number, Bid[]>();
  readonly #met: (auction: A, bid: Bid) => void;
  readonly #gone: (auction: A) => void;

  constructor(met: (auction: A, bid: Bid) => void, gone: (auction: A) => void = () => undefined) {
    this.#met = met;
    this.#gone = gone;
  }

  open(auction: A): void {
    this.#auctions.set(auction.id, auction);
    const bids = this.#waiting.get(auction.id);
    if (bids === undefined) return;
    this.#waiting.delete(auction.id);
    for (const bid of bids) this.#meet(auction, bid);
  }

  bid(bid: Bid): void {
    const auction = this.#auctions.get(bid.auction);
    if (auction !== undefined) {
      this.#meet(auction, bid);
      return;
    }
    const bids = this.#waiting.get(bid.auction);
    if (bids === undefined) this.#waiting.set(bid.auction, [bid]);
    else bids.push(bid);
  }

  sweep(watermark: number): void {
    for (const [id, auction] of this.#auctions) {
      if (auction.expires >= watermark) continue;
      this.#auctions.delete(id);
      this.#gone(auction);
    }
    for (const [id, bids] of this.#waiting) {
      const kept = bids.filter(({ dateTime }) => dateTime >= watermark);
      if (kept.length === 0) this.#waiting.delete(id);
      else if (kept.length < bids.length) this.#waiting.set(id, kept);
    }
  }

  #meet(auction: A, bid: Bid): void {
    if (bid.dateTime >= auction.dateTime && bid.dateTime <= auction.expires) this.#met(auction, bid);
  }
}
