import type { Pipeline } from '../../runtime/graph.ts';
import type { Topic } from '../../runtime/topic.ts';
import type { Row } from './input.ts';

/** Takes what comes out, one number a row, so that both sides of a contest make their rows and read them. */
export type Sink = (value: number) => void;

export interface Topics {
  readonly left: Topic<Row>;
  /** Of cases with two inputs. */
  readonly right: Topic<Row>;
}

/** What a hand loop does with a row; `now` is log time, `right` says from which of two inputs it comes. */
export interface HandLoop {
  row(row: Row, now: number, right: boolean): void;
  end(): void;
}

/** An operator, and the same work as a loop over plain objects and Maps. */
export interface Contest {
  readonly name: string;
  readonly inputs: 1 | 2;
  /** False where the number of keys means nothing to it. */
  readonly isKeyed: boolean;
  readonly pipeline: (topics: Topics) => Pipeline;
  /** What the sink takes of a row. */
  readonly read: (row: never) => number;
  readonly loop: (out: Sink) => HandLoop;
}
