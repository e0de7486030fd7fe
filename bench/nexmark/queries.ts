/** What a query answers, and what a row of its answer is. */
export interface Query {
  readonly about: string;
  /** Fields of a row in their order; `text(x)` is `textNumber` of x. */
  readonly row: readonly string[];
  /** How it differs from Nexmark's query of the same name, where it does. */
  readonly adapted?: string;
}

const instead = (of: string): string => `in tumbling windows of 10 s instead of ${of}`;

/**
 * The queries, after the SQL of the Nexmark community. A Flink query that revises its answer for ever is asked by
 * window here: every answer is then final, and state has an end. All windows are aligned to the epoch, by event time.
 */
export const queries = {
  q0: {
    about: 'every bid as it is',
    row: ['auction', 'bidder', 'price', 'dateTime'],
  },
  q1: {
    about: 'every bid with its price in another currency, ⌊price × 908 ÷ 1000⌋',
    row: ['auction', 'bidder', 'price', 'dateTime'],
  },
  q2: {
    about: 'bids for auctions whose id is divisible by 123',
    row: ['auction', 'price'],
  },
  q3: {
    about:
      'sellers in Oregon, Idaho or California with each of their auctions of category 10, whichever came first',
    row: ['text(name)', 'text(city)', 'text(state)', 'auction'],
  },
  q4: {
    about:
      'mean of the winning bids by category of the auctions that ended in a window of 10 s, rounded down; a winning bid is the highest in [dateTime; expires] of its auction, and an auction without one does not count',
    row: ['category', 'mean', 'windowEnd'],
    adapted: instead('one mean over all auctions so far'),
  },
  q5: {
    about:
      'the auctions with most bids in each window of 10 s that begins every 2 s, all of them if several have as many',
    row: ['auction', 'bids', 'windowEnd'],
  },
  q7: {
    about: 'the highest bids of each tumbling window of 10 s, all of them if several are as high',
    row: ['auction', 'bidder', 'price', 'dateTime'],
  },
  q8: {
    about: 'persons who came and put something up for sale in the same tumbling window of 10 s, each once',
    row: ['person', 'windowStart'],
  },
  q11: {
    about:
      'how many bids a bidder made in each session; a session [first bid; last bid + 1 s) ends when the bidder is silent for 1 s, and a bid exactly 1 s after the last begins the next',
    row: ['bidder', 'bids', 'sessionStart', 'sessionEnd'],
    adapted: 'a gap of 1 s instead of 10 s, since a bidder of the generator bids for about 5 s in all',
  },
  q12: {
    about: 'how many bids a bidder made in each tumbling window of 10 s',
    row: ['bidder', 'bids', 'windowEnd'],
    adapted: 'by event time instead of processing time, which no two runs have alike',
  },
  q16: {
    about:
      'by channel: the last minute of the day with a bid; bids, distinct bidders and distinct auctions, each in all and by price below 10,000, below 1,000,000, and from there on',
    row: [
      'text(channel)',
      'windowEnd',
      'lastMinute',
      ...['bids', 'bidders', 'auctions'].flatMap((what) => [
        what,
        `low ${what}`,
        `middle ${what}`,
        `high ${what}`,
      ]),
    ],
    adapted: instead('days'),
  },
  q17: {
    about:
      'by auction: bids in all and by price below 10,000, below 1,000,000, and from there on; lowest, highest and mean price (rounded down), and their sum',
    row: [
      'auction',
      'windowEnd',
      'bids',
      'low bids',
      'middle bids',
      'high bids',
      'min',
      'max',
      'mean',
      'sum',
    ],
    adapted: instead('days'),
  },
  q18: {
    about:
      'the last bid of each bidder for each auction; of several at the same millisecond the one of the highest price',
    row: ['auction', 'bidder', 'price', 'dateTime'],
    adapted: instead('all of the past'),
  },
  q19: {
    about:
      'the ten highest bids for each auction with their rank from 1 on; the earlier of two as high, then the lower bidder id, comes first',
    row: ['auction', 'rank', 'bidder', 'price', 'dateTime'],
    adapted: instead('all of the past'),
  },
  qij: {
    about:
      'bids made while their auction was open, auction.dateTime ≤ bid.dateTime ≤ auction.expires, whichever came first',
    row: ['auction', 'bidder', 'price', 'dateTime'],
    adapted: 'an interval join by itself; Nexmark has it inside of q4 and q9',
  },
} as const satisfies Readonly<Record<string, Query>>;

export type QueryName = keyof typeof queries;

export const queryNames = Object.keys(queries) as readonly QueryName[];

export const isQueryName = (name: string): name is QueryName => Object.hasOwn(queries, name);
