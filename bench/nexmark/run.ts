import type { Mode, Outcome } from './contender.ts';
import type { QueryName } from './queries.ts';

/** One run of one query by one contender, as its process reports it. */
export interface Run extends Outcome {
  readonly who: string;
  readonly q: QueryName;
  readonly mode: Mode;
  /** 0 is the first in its process, with cold code; later ones are warm. */
  readonly run: number;
  /** Events a second. */
  readonly eps: number;
  /** The most memory that the process has had so far. */
  readonly rssMiB: number;
}
