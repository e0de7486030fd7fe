import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { max } from '../../operators/aggregates/max.ts';
import { mean } from '../../operators/aggregates/mean.ts';
import { min } from '../../operators/aggregates/min.ts';
import { sum } from '../../operators/aggregates/sum.ts';
import { custom } from '../../operators/aggregates/custom.ts';
import { distinct } from '../../operators/aggregates/distinct.ts';
import { topK } from '../../operators/aggregates/top-k.ts';
import { flatMap } from '../../operators/flat-map.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { top } from '../../operators/top.ts';
import { where } from '../../operators/where.ts';
import type { WindowBounds } from '../../operators/window/windowed.ts';
import { windowJoin } from '../../operators/window-join.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { type Topic, topic } from '../../runtime/topic.ts';
import { hopping, session, tumbling } from '../../runtime/window-spec.ts';
import type { QueryName } from './queries.ts';
import { minuteOfDay, priceClass } from './price-class.ts';
import { type RowSink, textNumber } from './row-sum.ts';
import { DISORDER_MS } from './times.ts';

/** The queries as definitions of Forewarn. Of each event just the fields that the queries name are declared. */
const bids = topic('bids', {
  schema: z.object({ auction: z.int32(), bidder: z.int32(), price: z.int32(), dateTime: z.number() }),
  key: 'auction',
  at: 'dateTime',
  disorderMs: DISORDER_MS,
});

const auctions = topic('auctions', {
  schema: z.object({
    id: z.int32(),
    dateTime: z.number(),
    expires: z.number(),
    seller: z.int32(),
    category: z.int32(),
  }),
  key: 'id',
  at: 'dateTime',
  disorderMs: DISORDER_MS,
});
const persons = topic('persons', {
  schema: z.object({
    id: z.int32(),
    name: z.string(),
    city: z.string(),
    state: z.string(),
    dateTime: z.number(),
  }),
  key: 'id',
  at: 'dateTime',
  disorderMs: DISORDER_MS,
});
const bidsByChannel = topic('bids', {
  schema: z.object({
    auction: z.int32(),
    bidder: z.int32(),
    price: z.int32(),
    channel: z.string(),
    dateTime: z.number(),
  }),
  key: 'auction',
  at: 'dateTime',
  disorderMs: DISORDER_MS,
});
type Bid = z.infer<typeof bids.schema & {}>;
const west = new Set(['OR', 'ID', 'CA']);

const answers = <T>(): Topic<T> => topic<T>('answers', { schema: z.custom<T>(), key: () => '', at: () => 0 });
/** Auctions that may be as hot as the hottest. */
const best = { k: 1, keepTiesUpTo: 1_000 };

export interface Definition {
  readonly pipeline: Pipeline;
  /** Adds a result row, as whole numbers in the order of the query's row. */
  readonly add: (out: RowSink, row: never) => void;
}

export const definitions: Readonly<Partial<Record<QueryName, () => Definition>>> = {
  q0: () => ({
    pipeline:
      // <q0>
      pipeline('q0', { from: { bids } }, (from) => [from.bids.to(answers())]),
    // </q0>
    add: (out, { auction, bidder, price, dateTime }: Bid) => out.add4(auction, bidder, price, dateTime),
  }),

  q1: () => ({
    pipeline:
      // <q1>
      pipeline('q1', { from: { bids } }, (from) => [
        from.bids
          .through(
            map(({ auction, bidder, price, dateTime }) => ({
              auction,
              bidder,
              price: Math.floor((price * 908) / 1_000),
              dateTime,
            })),
          )
          .to(answers()),
      ]),
    // </q1>
    add: (out, { auction, bidder, price, dateTime }: Bid) => out.add4(auction, bidder, price, dateTime),
  }),

  q2: () => ({
    pipeline:
      // <q2>
      pipeline('q2', { from: { bids } }, (from) => [
        from.bids.through(where(({ auction }) => auction % 123 === 0)).to(answers()),
      ]),
    // </q2>
    add: (out, { auction, price }: { readonly auction: number; readonly price: number }) =>
      out.add2(auction, price),
  }),

  q5: () => ({
    pipeline: pipeline('q5', { from: { bids } }, (from) => {
      // <q5>
      const hottest = from.bids
        .keyBy('auction')
        .window(hopping('10s', '2s'))
        .through(aggregate('bids', { bids: count() }))
        .rekey('windows', 'windowEnd')
        .window(tumbling('2s'))
        .through(top('hottest', 'bids', best));
      // </q5>
      return [hottest.to(answers())];
    }),
    add: (out, row: { readonly auction: number; readonly bids: number; readonly windowEnd: number }) =>
      out.add3(row.auction, row.bids, row.windowEnd),
  }),

  q3: () => ({
    pipeline:
      // <q3>
      pipeline('q3', { from: { persons, auctions } }, (from) => [
        intervalJoin(
          from.persons.through(where(({ state }) => west.has(state))).keyBy('id'),
          from.auctions.through(where(({ category }) => category === 10)).rekey('sellers', 'seller'),
          {
            name: 'in-the-west',
            before: '1d',
            after: '1d',
            select: ({ name, city, state }, { id }) => ({ name, city, state, auction: id }),
          },
        ).to(answers()),
      ]),
    // </q3>
    add: (out, row: Readonly<Record<'name' | 'city' | 'state', string>> & { readonly auction: number }) =>
      out.add4(textNumber(row.name), textNumber(row.city), textNumber(row.state), row.auction),
  }),

  q4: () => ({
    pipeline:
      // <q4>
      pipeline('q4', { from: { bids, auctions } }, (from) => {
        const inTime = intervalJoin(from.bids.keyBy('auction'), from.auctions.keyBy('id'), {
          name: 'in-time',
          before: '10s',
          where: ({ dateTime }, { expires }) => dateTime <= expires,
          select: ({ price }, { category, expires }) => ({ category, expires, price }),
        });
        const won = keyedProcess('won', {
          inputs: { inTime },
          emits: rowsOf<{ category: number; price: number }>(),
          initial: { category: 0, price: -1 },
          on: {
            inTime: ({ category, expires, price }, context) => {
              if (price > context.state.price) context.set({ category, price });
              context.eventTimer('over', expires);
            },
          },
          onTimer: (_, { emit, state, drop }) => (emit(state), drop()),
        });
        return [
          won
            .rekey('categories', 'category')
            .window(tumbling('10s'))
            .through(aggregate('means', { price: mean('price') }))
            .to(answers()),
        ];
      }),
    // </q4>
    add: (out, row: Windowed<'category' | 'price'>) =>
      out.add3(row.category, Math.floor(row.price), row.windowEnd),
  }),

  q7: () => ({
    pipeline: pipeline('q7', { from: { bids } }, (from) => {
      // <q7>
      const highest = from.bids
        .rekey('all', () => 0)
        .window(tumbling('10s'))
        .through(top('highest', 'price', best));
      // </q7>
      return [highest.to(answers())];
    }),
    add: (out, { auction, bidder, price, dateTime }: Bid) => out.add4(auction, bidder, price, dateTime),
  }),

  q8: () => ({
    pipeline: pipeline('q8', { from: { persons, auctions } }, (from) => {
      const select = ({ id }: { readonly id: number }, { windowStart }: WindowBounds) => ({
        id,
        windowStart,
      });
      // <q8>
      const came = from.persons.keyBy('id');
      const sold = from.auctions.rekey('sellers', 'seller');
      const both = windowJoin(came, sold, { name: 'both', window: tumbling('10s'), how: 'semi', select });
      // </q8>
      return [both.to(answers())];
    }),
    add: (out, row: { readonly id: number; readonly windowStart: number }) =>
      out.add2(row.id, row.windowStart),
  }),

  q11: () => ({
    pipeline:
      // <q11>
      pipeline('q11', { from: { bids } }, (from) => [
        from.bids
          .rekey('bidders', 'bidder')
          .window(session('1s'))
          .through(aggregate('bids', { bids: count() }))
          .to(answers()),
      ]),
    // </q11>
    add: (out, row: Windowed<'bidder' | 'bids'>) =>
      out.add4(row.bidder, row.bids, row.windowStart, row.windowEnd),
  }),

  q12: () => ({
    pipeline:
      // <q12>
      pipeline('q12', { from: { bids } }, (from) => [
        from.bids
          .rekey('bidders', 'bidder')
          .window(tumbling('10s'))
          .through(aggregate('bids', { bids: count() }))
          .to(answers()),
      ]),
    // </q12>
    add: (out, row: Windowed<'bidder' | 'bids'>) => out.add3(row.bidder, row.bids, row.windowEnd),
  }),

  q16: () => ({
    pipeline:
      // <q16>
      pipeline('q16', { from: { bids: bidsByChannel } }, (from) => {
        const atMost = 100_000;
        return [
          from.bids
            .through(
              map(({ channel, bidder, auction, price, dateTime }) => {
                const rank = priceClass(price);
                const [bidder0, bidder1, bidder2] = [0, 1, 2].map((one) => (one === rank ? bidder : null));
                const [auction0, auction1, auction2] = [0, 1, 2].map((one) =>
                  one === rank ? auction : null,
                );
                return {
                  channel,
                  minute: minuteOfDay(dateTime),
                  bidder,
                  bidder0,
                  bidder1,
                  bidder2,
                  auction,
                  auction0,
                  auction1,
                  auction2,
                };
              }),
            )
            .rekey('channels', 'channel')
            .window(tumbling('10s'))
            .through(
              aggregate('by-channel', {
                minute: max('minute'),
                bids: count(),
                bids0: count('bidder0'),
                bids1: count('bidder1'),
                bids2: count('bidder2'),
                bidders: distinct('bidder', { atMost }),
                bidders0: distinct('bidder0', { atMost }),
                bidders1: distinct('bidder1', { atMost }),
                bidders2: distinct('bidder2', { atMost }),
                auctions: distinct('auction', { atMost }),
                auctions0: distinct('auction0', { atMost }),
                auctions1: distinct('auction1', { atMost }),
                auctions2: distinct('auction2', { atMost }),
              }),
            )
            .to(answers()),
        ];
      }),
    // </q16>
    add: (out, row: Readonly<Record<string, number>> & { readonly channel: never }) =>
      out.add([
        textNumber(row.channel),
        row['windowEnd']!,
        row['minute']!,
        ...['bids', 'bidders', 'auctions'].flatMap((what) =>
          ['', '0', '1', '2'].map((rank) => row[what + rank]!),
        ),
      ]),
  }),

  q17: () => ({
    pipeline:
      // <q17>
      pipeline('q17', { from: { bids } }, (from) => [
        from.bids
          .through(
            map(({ auction, price }) => ({
              auction,
              price,
              low: price < 10_000 ? 1 : null,
              high: price >= 1_000_000 ? 1 : null,
            })),
          )
          .keyBy('auction')
          .window(tumbling('10s'))
          .through(
            aggregate('prices', {
              bids: count(),
              low: count('low'),
              high: count('high'),
              min: min('price'),
              max: max('price'),
              mean: mean('price'),
              sum: sum('price'),
            }),
          )
          .to(answers()),
      ]),
    // </q17>
    add: (out, row: Windowed<'auction' | 'bids' | 'low' | 'high' | 'min' | 'max' | 'mean' | 'sum'>) =>
      out.add(
        [row.auction, row.windowEnd, row.bids, row.low, row.bids - row.low - row.high, row.high].concat(
          row.min,
          row.max,
          Math.floor(row.mean),
          row.sum,
        ),
      ),
  }),

  q18: () => ({
    pipeline:
      // <q18>
      pipeline('q18', { from: { bids } }, (from) => [
        from.bids
          .rekey('pairs', ({ auction, bidder }) => `${bidder} for ${auction}`)
          .window(tumbling('10s'))
          .through(
            aggregate('last', {
              bid: custom({
                create: (): Bid | null => null,
                add: later,
                merge: (a, b) => (b === null ? a : later(a, b)),
                result: (bid) => bid!,
                maxBytes: 256,
              }),
            }),
          )
          .through(map(({ bid }) => bid))
          .to(answers()),
      ]),
    // </q18>
    add: (out, { auction, bidder, price, dateTime }: Bid) => out.add4(auction, bidder, price, dateTime),
  }),

  q19: () => ({
    pipeline:
      // <q19>
      pipeline('q19', { from: { bids } }, (from) => [
        from.bids
          .keyBy('auction')
          .window(tumbling('10s'))
          .through(aggregate('best', { best: topK('price', { k: 10 }) }))
          .through(flatMap(({ best }) => best.map((bid, index) => ({ ...bid, rank: index + 1 }))))
          .to(answers()),
      ]),
    // </q19>
    add: (out, { auction, rank, bidder, price, dateTime }: Bid & { readonly rank: number }) =>
      out.add([auction, rank, bidder, price, dateTime]),
  }),

  qij: () => ({
    pipeline: pipeline('qij', { from: { bids, auctions } }, (from) => {
      const select = (bid: Bid): Bid => bid;
      // <qij>
      const made = from.bids.keyBy('auction');
      const open = from.auctions.keyBy('id');
      const where = (bid: Bid, { expires }: { readonly expires: number }) => bid.dateTime <= expires;
      const inTime = intervalJoin(made, open, { name: 'in-time', before: '10s', where, select });
      // </qij>
      return [inTime.to(answers())];
    }),
    add: (out, { auction, bidder, price, dateTime }: Bid) => out.add4(auction, bidder, price, dateTime),
  }),
};

/** The later bid; of two at the same millisecond the higher. */
const later = (a: Bid | null, b: Bid): Bid =>
  a === null || b.dateTime > a.dateTime || (b.dateTime === a.dateTime && b.price > a.price) ? b : a;

type Windowed<F extends string> = Readonly<Record<F | 'windowStart' | 'windowEnd', number>>;
