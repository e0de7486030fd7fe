import {
  connect,
  distinctUntilChanged,
  filter,
  from,
  groupBy,
  map,
  mergeMap,
  Observable,
  reduce,
  scan,
  share,
  take,
} from 'rxjs';
import { type Contender, type Mode, timed } from '../contender.ts';
import { eachLine, eventsFile, parseEvent } from '../event-files.ts';
import { eventsInMemory } from '../events-in-memory.ts';
import { type Auction, type Bid, eventTime, type NexmarkEvent } from '../events.ts';
import type { QueryName } from '../queries.ts';
import { RowSum } from '../row-sum.ts';
import { DISORDER_MS, SLIDE_MS, WINDOW_MS, windowEnd } from '../times.ts';

type Row = readonly number[];
type PlainQuery = (events: Observable<NexmarkEvent>) => Observable<Row>;

const bidsOf = (events: Observable<NexmarkEvent>): Observable<Bid> =>
  events.pipe(
    filter((event) => event.event_type === 2),
    map(({ bid }) => bid),
  );

/** The latest event time less the disorder, each time that it grows. */
const watermarksOf = (events: Observable<NexmarkEvent>): Observable<number> =>
  events.pipe(
    scan((watermark, event) => Math.max(watermark, eventTime(event) - DISORDER_MS), -Infinity),
    distinctUntilChanged(),
    share(),
  );

const passed = (watermarks: Observable<number>, end: number): Observable<number> =>
  watermarks.pipe(
    filter((watermark) => watermark >= end),
    take(1),
  );

/** Ends of the hopping windows that a time lies in. */
const windowEnds = (time: number): number[] => {
  const ends: number[] = [];
  const first = time - (time % SLIDE_MS) + SLIDE_MS;
  for (let end = first; end <= time + WINDOW_MS; end += SLIDE_MS) ends.push(end);
  return ends;
};

// <q0>
const q0: PlainQuery = (events) =>
  bidsOf(events).pipe(map(({ auction, bidder, price, dateTime }) => [auction, bidder, price, dateTime]));
// </q0>

// <q1>
const q1: PlainQuery = (events) =>
  bidsOf(events).pipe(
    map(({ auction, bidder, price, dateTime }) => [
      auction,
      bidder,
      Math.floor((price * 908) / 1000),
      dateTime,
    ]),
  );
// </q1>

// <q2>
const q2: PlainQuery = (events) =>
  bidsOf(events).pipe(
    filter(({ auction }) => auction % 123 === 0),
    map(({ auction, price }) => [auction, price]),
  );
// </q2>

// <q5>
const q5: PlainQuery = (events) =>
  events.pipe(
    connect((shared) => {
      const watermarks = watermarksOf(shared);
      return bidsOf(shared).pipe(
        mergeMap(({ auction, dateTime }) => windowEnds(dateTime).map((end) => ({ auction, end }))),
        groupBy(({ end }) => end, { duration: ({ key }) => passed(watermarks, key) }),
        mergeMap((window) =>
          window.pipe(
            reduce(
              (counts, { auction }) => counts.set(auction, (counts.get(auction) ?? 0) + 1),
              new Map<number, number>(),
            ),
            mergeMap((counts) => {
              const most = [...counts.values()].reduce((a, b) => Math.max(a, b), 0);
              return [...counts]
                .filter(([, count]) => count === most)
                .map(([auction, count]) => [auction, count, window.key]);
            }),
          ),
        ),
      );
    }),
  );
// </q5>

// <q7>
const q7: PlainQuery = (events) =>
  events.pipe(
    connect((shared) => {
      const watermarks = watermarksOf(shared);
      return bidsOf(shared).pipe(
        groupBy(({ dateTime }) => windowEnd(dateTime), { duration: ({ key }) => passed(watermarks, key) }),
        mergeMap((window) =>
          window.pipe(
            reduce((highest: readonly Bid[], bid) => {
              const price = highest[0]?.price ?? -1;
              if (bid.price < price) return highest;
              return bid.price > price ? [bid] : [...highest, bid];
            }, []),
            mergeMap((highest) =>
              highest.map(({ auction, bidder, price, dateTime }) => [auction, bidder, price, dateTime]),
            ),
          ),
        ),
      );
    }),
  );
// </q7>

// <q8>
const q8: PlainQuery = (events) =>
  events.pipe(
    connect((shared) => {
      const watermarks = watermarksOf(shared);
      return shared.pipe(
        filter((event) => event.event_type !== 2),
        groupBy((event) => windowEnd(eventTime(event)), { duration: ({ key }) => passed(watermarks, key) }),
        mergeMap((window) => {
          const persons = new Set<number>();
          const sellers = new Set<number>();
          return window.pipe(
            reduce((_, event) => {
              if (event.event_type === 0) persons.add(event.person.id);
              else sellers.add(event.auction.seller);
              return null;
            }, null),
            mergeMap(() =>
              [...persons].filter((id) => sellers.has(id)).map((id) => [id, window.key - WINDOW_MS]),
            ),
          );
        }),
      );
    }),
  );
// </q8>

// <qij>
const qij: PlainQuery = (events) =>
  events.pipe(
    filter((event) => event.event_type !== 0),
    groupBy((event) => (event.event_type === 1 ? event.auction.id : event.bid.auction)),
    mergeMap((ofAuction) => {
      let open: Auction | undefined;
      let waiting: Bid[] = [];
      const met = ({ dateTime, expires }: Auction, bids: readonly Bid[]): Row[] =>
        bids
          .filter((bid) => bid.dateTime >= dateTime && bid.dateTime <= expires)
          .map((bid) => [bid.auction, bid.bidder, bid.price, bid.dateTime]);
      return ofAuction.pipe(
        mergeMap((event) => {
          if (event.event_type === 2) {
            if (open !== undefined) return met(open, [event.bid]);
            waiting.push(event.bid);
            return [];
          }
          open = event.auction;
          const before = waiting;
          waiting = [];
          return met(open, before);
        }),
      );
    }),
  );
// </qij>

export const plainQueries: Readonly<Partial<Record<QueryName, PlainQuery>>> = { q0, q1, q2, q5, q7, q8, qij };

export const rxjsQueries = Object.keys(plainQueries) as readonly QueryName[];

/** Lines are pushed as they are read, which is the cheapest way for a file to become an Observable. */
const linesOf = (file: string): Observable<string> =>
  new Observable((subscriber) => {
    eachLine(file, (line) => subscriber.next(line));
    subscriber.complete();
  });

const eventsOf = (mode: Mode, data: string): Observable<NexmarkEvent> =>
  mode === 'mem' ? from(eventsInMemory(data)) : linesOf(eventsFile(data)).pipe(map(parseEvent));

/**
 * The same queries as one writes them in RxJS 7 with its own operators: `groupBy` for keys and windows, `duration` to
 * close them. The interval join keeps its groups for ever, since a timer for each would cost more than all the rest.
 */
export const runPlainRxjs: Contender = (query, mode, data) => {
  const ask = plainQueries[query];
  if (ask === undefined) throw new Error(`${query} is not written in plain RxJS`);
  const out = new RowSum();
  const events = eventsOf(mode, data);
  return timed(out, () => {
    let count = 0;
    const counted = events.pipe(
      map((event) => {
        count += 1;
        return event;
      }),
    );
    return new Promise<number>((resolve, reject) => {
      ask(counted).subscribe({ next: (row) => out.add(row), error: reject, complete: () => resolve(count) });
    });
  });
};
