import { seededRandom } from '../../models/training/seeded-random.ts';

/** A row of the topics that are read, about 200 bytes as JSON. */
export interface Row {
  readonly key: string;
  readonly id: number;
  readonly value: number;
  /** Event time in ms since 1970; a row a millisecond in each topic, give or take `JITTER_MS`. */
  readonly at: number;
  readonly note: string;
}

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];

/** Where the client alone writes what it has read. */
export const AGAIN = 'again';

/** Begins long ago, so that no row is from the future. */
export const FIRST_AT = Date.UTC(2026, 0, 1);
/** Rows come at most so much behind those before them. */
const JITTER_MS = 500;
/** What both contenders wait for rows that come late: none is. */
export const DISORDER_MS = 1_000;
/** Keys are drawn evenly: with 10,000 of them and a row a millisecond, a row meets half a row of the other side within ±2.5 s. */
const KEYS = 10_000;
const NOTE = 'x'.repeat(110);

/** The same rows for the same side and count. */
export function* rowsOf(side: Side, count: number): Generator<Row> {
  const random = seededRandom(side === 'left' ? 1 : 2);
  const draw = (below: number): number => Math.floor(random() * below);
  for (let id = 0; id < count; id++)
    yield {
      key: `shipment-${draw(KEYS)}`,
      id,
      value: draw(1_000),
      at: FIRST_AT + id + JITTER_MS - draw(JITTER_MS),
      note: NOTE,
    };
}
