import type { LineLog } from './log.ts';

/** Under which name the log holds what a savepoint needs, given its id; in Kafka also the key of the record that says so. */
export const holderOf = (savepoint: string): string => `${SAVEPOINT}${savepoint}`;

export const SAVEPOINT = 'savepoint/';

/** All that there is, for whoever does not know yet what of it is needed: nothing is dropped meanwhile. */
export const everythingOf = (log: Pick<LineLog, 'ends'>): ReadonlyMap<string, number> =>
  new Map([...log.ends().keys()].map((place) => [place, 0]));
