import { expect, it } from 'vitest';
import type { Bid } from '../../../bench/nexmark/events.ts';
import { OpenAuctions } from '../../../bench/nexmark/yardsticks/loops/open-auctions.ts';
import { bid } from './hand-made.ts';

const bidAt = (dateTime: number): Bid => {
  const event = bid({ auction: 1, dateTime });
  if (event.event_type !== 2) throw new Error('not a bid');
  return event.bid;
};

const watched = () => {
  const met: number[] = [];
  const gone: number[] = [];
  const auctions = new OpenAuctions(
    (_auction, { dateTime }) => met.push(dateTime),
    ({ id }) => gone.push(id),
  );
  return { auctions, met, gone };
};

it('keeps an auction as long as a bid for it may come, and no longer', () => {
  const { auctions, met, gone } = watched();
  auctions.open({ id: 1, dateTime: 10, expires: 20 });
  auctions.sweep(20);
  auctions.bid(bidAt(20));
  expect(met).toEqual([20]);
  expect(gone).toEqual([]);
  auctions.sweep(21);
  auctions.bid(bidAt(20));
  expect(met).toEqual([20]);
  expect(gone).toEqual([1]);
});

it('keeps a bid as long as its auction may come, and no longer', () => {
  const { auctions, met } = watched();
  for (const time of [10, 11, 12]) auctions.bid(bidAt(time));
  auctions.sweep(11);
  auctions.open({ id: 1, dateTime: 0, expires: 20 });
  expect(met).toEqual([11, 12]);
});
