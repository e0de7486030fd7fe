import { deserialize, serialize } from 'node:v8';
import { ForewarnError } from '../forewarn-error.ts';
import type { InputPosition } from '../merge.ts';

/** How far event time had come. */
export interface EventTime {
  readonly watermark: number;
  /** What is known of each producer of each input, by `topic/partition producer`. */
  readonly inputs: Readonly<
    Record<
      string,
      {
        readonly watermark: number;
        readonly highest: number;
        readonly heardAt: number;
        readonly isIdle: boolean;
      }
    >
  >;
}

/** What changed of a task in an epoch; it lies in the log, beside the rows of the epoch. */
export interface TaskSnapshot {
  readonly format: 3;
  readonly epoch: number;
  readonly positions: Readonly<Record<string, InputPosition>>;
  readonly eventTime: EventTime;
  /** By step and part, as in `step/part`. */
  readonly states: Readonly<Record<string, unknown>>;
}

/** What a base file begins with; all of the state follows, in parts. */
export interface Base extends Omit<TaskSnapshot, 'states'> {
  /** First record of the task's state topic that is not in it. */
  readonly stateOffset: number;
}

/** All of the state: parts by step and part, as in `step/part`. They may be made while they are asked for. */
export type AllStates = Readonly<Record<string, Iterable<unknown>>>;

export const encodeSnapshot = (snapshot: TaskSnapshot): Uint8Array => serialize(snapshot);

/** Format 1 kept less of event time: what it lacks is found again as rows come. */
const fromFormat1 = (old: Omit<TaskSnapshot, 'format'>): TaskSnapshot => ({
  ...old,
  format: 3,
  eventTime: { watermark: old.eventTime.watermark, inputs: {} },
});

export const decodeSnapshot = (bytes: Uint8Array): TaskSnapshot => {
  const snapshot = deserialize(bytes) as Omit<TaskSnapshot, 'format'> & { readonly format: number };
  // Format 2 had every changed entry whole, which format 3 may have, too.
  if (snapshot.format === 3 || snapshot.format === 2) return { ...snapshot, format: 3 };
  if (snapshot.format === 1) return fromFormat1(snapshot);
  throw new ForewarnError(
    'FW105',
    `checkpoint has format ${String(snapshot.format)}, this version reads 1 to 3; start the version that wrote it`,
  );
};
