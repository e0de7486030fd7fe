import { expect, it } from 'vitest';
import type { NexmarkEvent } from '../../../bench/nexmark/events.ts';
import { oracles } from '../../../bench/nexmark/oracle/oracles.ts';
import { queries, type QueryName, queryNames } from '../../../bench/nexmark/queries.ts';
import { textNumber } from '../../../bench/nexmark/row-sum.ts';
import { auction, bid, person, T0 } from './hand-made.ts';

const rows = (query: QueryName, events: readonly NexmarkEvent[]) => oracles[query](events);
const s = (seconds: number): number => T0 + seconds * 1_000;

it('has rows of the fields that the query names', () => {
  const events = [
    person({ id: 1, dateTime: s(0) }),
    auction({ id: 123, seller: 1, dateTime: s(1) }),
    bid({ auction: 123, dateTime: s(2) }),
  ];
  for (const query of queryNames) {
    const found = rows(query, events);
    expect(found.length, query).toBeGreaterThan(0);
    for (const row of found) expect(row, query).toHaveLength(queries[query].row.length);
  }
});

it('q0, q1, q2: bids as they are, in another currency, and of some auctions', () => {
  const events = [
    person({ id: 1, dateTime: s(0) }),
    bid({ auction: 246, bidder: 7, price: 1_001, dateTime: s(1) }),
    bid({ auction: 124, bidder: 8, price: 10, dateTime: s(2) }),
  ];
  expect(rows('q0', events)).toEqual([
    [246, 7, 1_001, s(1)],
    [124, 8, 10, s(2)],
  ]);
  expect(rows('q1', events)).toEqual([
    [246, 7, 908, s(1)],
    [124, 8, 9, s(2)],
  ]);
  expect(rows('q2', events)).toEqual([[246, 1_001]]);
});

it('q3: sellers of three states and their auctions of category 10', () => {
  const events = [
    auction({ id: 5, seller: 1, dateTime: s(0) }),
    person({ id: 1, name: 'Ada', city: 'Bend', state: 'OR', dateTime: s(1) }),
    person({ id: 2, state: 'WA', dateTime: s(1) }),
    auction({ id: 6, seller: 1, category: 11, dateTime: s(2) }),
    auction({ id: 7, seller: 2, dateTime: s(2) }),
    auction({ id: 8, seller: 1, dateTime: s(90) }),
  ];
  const ada = [textNumber('Ada'), textNumber('Bend'), textNumber('OR')];
  expect(rows('q3', events)).toEqual([
    [...ada, 5],
    [...ada, 8],
  ]);
});

it('q4: means of winning bids by category of the auctions that ended in a window', () => {
  const events = [
    auction({ id: 1, category: 10, dateTime: s(1), expires: s(9) }),
    auction({ id: 2, category: 10, dateTime: s(2), expires: s(10) }),
    auction({ id: 3, category: 10, dateTime: s(2), expires: s(11) }),
    auction({ id: 4, category: 12, dateTime: s(2), expires: s(11) }),
    // Without a bid in time.
    auction({ id: 5, category: 12, dateTime: s(2), expires: s(11) }),
    bid({ auction: 1, price: 5, dateTime: s(1) }),
    bid({ auction: 1, price: 9, dateTime: s(9) }),
    bid({ auction: 1, price: 99, dateTime: s(9) + 1 }),
    bid({ auction: 2, price: 100, dateTime: s(3) }),
    bid({ auction: 3, price: 201, dateTime: s(3) }),
    bid({ auction: 4, price: 7, dateTime: s(3) }),
    bid({ auction: 5, price: 7, dateTime: s(1) }),
  ];
  expect(rows('q4', events)).toEqual([
    [10, 9, s(10)],
    [10, 150, s(20)],
    [12, 7, s(20)],
  ]);
});

it('q5: the auctions with most bids in each hopping window, with ties', () => {
  const events = [
    bid({ auction: 1, dateTime: s(1) }),
    bid({ auction: 1, dateTime: s(1.999) }),
    bid({ auction: 2, dateTime: s(2) }),
    bid({ auction: 2, dateTime: s(11.999) }),
  ];
  expect([...rows('q5', events)].sort((a, b) => a[2]! - b[2]! || a[0]! - b[0]!)).toEqual([
    [1, 2, s(2)],
    [1, 2, s(4)],
    [1, 2, s(6)],
    [1, 2, s(8)],
    [1, 2, s(10)],
    [2, 2, s(12)],
    [2, 1, s(14)],
    [2, 1, s(16)],
    [2, 1, s(18)],
    [2, 1, s(20)],
  ]);
  const tied = [bid({ auction: 3, dateTime: s(0) }), bid({ auction: 4, dateTime: s(1) })];
  expect(rows('q5', tied).filter(([, , end]) => end === s(2))).toEqual([
    [3, 1, s(2)],
    [4, 1, s(2)],
  ]);
});

it('q7: the highest bids of each tumbling window, with ties', () => {
  const events = [
    bid({ bidder: 1, price: 5, dateTime: s(0) }),
    bid({ bidder: 2, price: 9, dateTime: s(1) }),
    bid({ bidder: 3, price: 9, dateTime: s(9.999) }),
    bid({ bidder: 4, price: 8, dateTime: s(10) }),
  ];
  expect(rows('q7', events)).toEqual([
    [1, 2, 9, s(1)],
    [1, 3, 9, s(9.999)],
    [1, 4, 8, s(10)],
  ]);
});

it('q8: persons who came and sold in the same window, once', () => {
  const events = [
    auction({ id: 1, seller: 2, dateTime: s(0) }),
    person({ id: 1, dateTime: s(1) }),
    person({ id: 2, dateTime: s(9) }),
    person({ id: 3, dateTime: s(9) }),
    auction({ id: 2, seller: 2, dateTime: s(9.999) }),
    auction({ id: 3, seller: 3, dateTime: s(10) }),
  ];
  expect(rows('q8', events)).toEqual([[2, s(0)]]);
});

it('q11: sessions end when a bidder is silent for the gap', () => {
  const events = [
    bid({ bidder: 1, dateTime: s(2.999) }),
    bid({ bidder: 1, dateTime: s(0) }),
    bid({ bidder: 2, dateTime: s(0.5) }),
    bid({ bidder: 1, dateTime: s(0.999) }),
    bid({ bidder: 1, dateTime: s(1.999) }),
  ];
  expect(rows('q11', events)).toEqual([
    [1, 2, s(0), s(1.999)],
    [1, 1, s(1.999), s(2.999)],
    [1, 1, s(2.999), s(3.999)],
    [2, 1, s(0.5), s(1.5)],
  ]);
});

it('q12: bids of each bidder by window', () => {
  const events = [
    bid({ bidder: 1, dateTime: s(0) }),
    bid({ bidder: 2, dateTime: s(1) }),
    bid({ bidder: 1, dateTime: s(9) }),
    bid({ bidder: 1, dateTime: s(10) }),
  ];
  expect(rows('q12', events)).toEqual([
    [1, 2, s(10)],
    [2, 1, s(10)],
    [1, 1, s(20)],
  ]);
});

it('q16: channels by price class, with distinct bidders and auctions', () => {
  const minute = Math.floor((T0 + 9_000) / 60_000) % 1_440;
  const events = [
    bid({ channel: 'x', bidder: 1, auction: 1, price: 9_999, dateTime: s(9) }),
    bid({ channel: 'x', bidder: 1, auction: 2, price: 10_000, dateTime: s(1) }),
    bid({ channel: 'x', bidder: 2, auction: 2, price: 999_999, dateTime: s(1) }),
    bid({ channel: 'x', bidder: 1, auction: 2, price: 1_000_000, dateTime: s(1) }),
  ];
  expect(rows('q16', events)).toEqual([[textNumber('x'), s(10), minute, 4, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1]]);
});

it('q17: prices of each auction by window', () => {
  const events = [
    bid({ auction: 1, price: 9_999, dateTime: s(0) }),
    bid({ auction: 1, price: 10_000, dateTime: s(1) }),
    bid({ auction: 1, price: 1_000_000, dateTime: s(2) }),
    bid({ auction: 1, price: 4, dateTime: s(12) }),
  ];
  expect(rows('q17', events)).toEqual([
    [1, s(10), 3, 1, 1, 1, 9_999, 1_000_000, 339_999, 1_019_999],
    [1, s(20), 1, 1, 0, 0, 4, 4, 4, 4],
  ]);
});

it('q18: the last bid of a bidder for an auction, the higher of two at once', () => {
  const events = [
    bid({ auction: 1, bidder: 2, price: 7, dateTime: s(5) }),
    bid({ auction: 1, bidder: 2, price: 8, dateTime: s(5) }),
    bid({ auction: 1, bidder: 2, price: 9, dateTime: s(4) }),
    bid({ auction: 2, bidder: 2, price: 1, dateTime: s(1) }),
    bid({ auction: 1, bidder: 2, price: 3, dateTime: s(11) }),
  ];
  expect(rows('q18', events)).toEqual([
    [1, 2, 8, s(5)],
    [2, 2, 1, s(1)],
    [1, 2, 3, s(11)],
  ]);
});

it('q19: the ten highest bids for an auction, the earlier of two as high first', () => {
  const low = Array.from({ length: 10 }, (_, nth) => bid({ price: 10 + nth, dateTime: s(1) }));
  const events = [
    ...low,
    bid({ bidder: 9, price: 19, dateTime: s(0) }),
    bid({ bidder: 0, price: 19, dateTime: s(1) }),
  ];
  expect(rows('q19', events)).toEqual([
    [1, 1, 9, 19, s(0)],
    [1, 2, 0, 19, s(1)],
    [1, 3, 1, 19, s(1)],
    [1, 4, 1, 18, s(1)],
    [1, 5, 1, 17, s(1)],
    [1, 6, 1, 16, s(1)],
    [1, 7, 1, 15, s(1)],
    [1, 8, 1, 14, s(1)],
    [1, 9, 1, 13, s(1)],
    [1, 10, 1, 12, s(1)],
  ]);
});

it('qij: bids while their auction was open, both ends within', () => {
  const events = [
    bid({ auction: 1, bidder: 1, dateTime: s(2) }),
    auction({ id: 1, dateTime: s(2), expires: s(7) }),
    bid({ auction: 1, bidder: 2, dateTime: s(2) - 1 }),
    bid({ auction: 1, bidder: 3, dateTime: s(7) }),
    bid({ auction: 1, bidder: 4, dateTime: s(7) + 1 }),
    bid({ auction: 2, bidder: 5, dateTime: s(3) }),
  ];
  expect(rows('qij', events)).toEqual([
    [1, 1, 100, s(2)],
    [1, 3, 100, s(7)],
  ]);
});
