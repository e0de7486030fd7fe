import type { Outgoing } from '../../kafka/outgoing.ts';
import type { LogRecord } from '../log.ts';
import { partitionOf } from '../partitioner.ts';
import { toKafka } from './kafka-record.ts';
import type { StateMark } from './marker.ts';

/** Partitions of the state topic; a producer's state lies in the one of its name. */
export const STATE_PARTITIONS = 8;
/** A state that is longer comes in several records, below what brokers take without being asked. */
const PART_BYTES = 900_000;
/** Which part of how many, such as `0/3`. A tombstone has none. */
const PART = 'fw-part';

export const statePartitionOf = (producer: string): number => partitionOf(producer, STATE_PARTITIONS);

const keyOf = (producer: string, epoch: number, part: number): string => `${producer}#${epoch}#${part}`;

/** A changed state as records: each has a key of its own, so that compaction leaves it until it is deleted. */
export const stateRecords = (
  topic: string,
  {
    producer,
    epoch,
    heardAt,
  }: { readonly producer: string; readonly epoch: number; readonly heardAt: number },
  state: Uint8Array,
): readonly Outgoing[] => {
  const parts = Math.max(1, Math.ceil(state.length / PART_BYTES));
  const records = Array.from({ length: parts }, (_, part) => ({
    heardAt,
    key: keyOf(producer, epoch, part),
    headers: { [PART]: `${part}/${parts}` },
    value: state.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
  }));
  const partition = statePartitionOf(producer);
  return toKafka(records, { topic, partition, writer: producer, wantsOffset: true });
};

/** What is read of a partition of the state topic, as the states of one producer; the offset is that of the last part. */
export const statesOf = (records: readonly LogRecord[], producer: string): readonly LogRecord[] => {
  const states: LogRecord[] = [];
  let parts: Uint8Array[] = [];
  for (const record of records) {
    const said = record.headers[PART];
    if (record.producer !== producer || said === undefined) continue;
    const [part = 0, of = 1] = said.split('/').map(Number);
    if (part === 0) parts = [];
    parts.push(record.value);
    if (part + 1 < of || parts.length !== of) continue;
    states.push({ ...record, key: '', headers: {}, value: of === 1 ? record.value : Buffer.concat(parts) });
  }
  return states;
};

interface LiveStates {
  readonly producer: string;
  mark: StateMark | null;
  /** Committed since this process has it: epochs and the offsets of their last parts. */
  readonly known: { readonly epoch: number; readonly offset: number }[];
  /** Offset of the last state that was there before, of epochs from the mark's on. */
  readonly before: { readonly to: number; readonly offset: number } | null;
  /** Epochs below this one are needed by nobody. */
  deadBelow: number;
  /** Those below this one are deleted by the commit that is being written. */
  buriedBelow: number;
}

/** Tombstones of one producer that go with a commit: where more is dead, the rest goes with the next ones. */
const MOST_TOMBSTONES = 1_000;

/** Which states of the producers of this process are still needed, and what is to be written to be rid of the others. */
export class StateChangelog {
  readonly #live = new Map<string, LiveStates>();

  /** A producer as its last commit left it. */
  begin(producer: string, epoch: number, mark: StateMark | null): void {
    if (this.#live.has(producer)) return;
    // What was taken back goes with it, but not before all that was there by then.
    const before = mark === null ? null : { to: epoch, offset: Math.max(mark.end, mark.reached ?? 0) - 1 };
    this.#live.set(producer, { producer, mark, known: [], before, deadBelow: 0, buriedBelow: 0 });
  }

  /** Another process may have gone on with it. */
  forget(producer: string): void {
    this.#live.delete(producer);
  }

  /** A commit is being written: where its state begins and ends, or null when it has none. Answers what its marker says. */
  wrote(
    producer: string,
    epoch: number,
    state: { readonly at: number; readonly end: number; readonly parts: number } | null,
  ): StateMark | null {
    const live = this.#live.get(producer)!;
    const { mark } = live;
    if (state === null) return mark;
    const from = Math.max(mark?.from ?? epoch, live.buriedBelow);
    // Written again, it replaces what was not committed.
    if (live.known.at(-1)?.epoch === epoch) live.known.pop();
    live.known.push({ epoch, offset: state.end - 1 });
    live.mark = { at: state.at, end: state.end, from, parts: Math.max(mark?.parts ?? 1, state.parts) };
    return live.mark;
  }

  /** Nobody reads the states of a producer below this offset; the last one is always kept. */
  needFrom(producer: string, offset: number): void {
    const live = this.#live.get(producer);
    if (live === undefined || live.mark === null) return;
    const firstNeeded = Math.min(offset, live.mark.end - 1);
    if (live.before !== null && live.before.offset < firstNeeded)
      live.deadBelow = Math.max(live.deadBelow, live.before.to + 1);
    while (live.known.length > 1 && live.known[0]!.offset < firstNeeded) {
      live.deadBelow = Math.max(live.deadBelow, live.known.shift()!.epoch + 1);
    }
  }

  /** Tombstones of what died since the last ones. */
  tombstones(topic: string, producer: string): readonly Outgoing[] {
    const live = this.#live.get(producer);
    if (live === undefined || live.mark === null) return [];
    const { from, parts } = live.mark;
    const gone: Outgoing[] = [];
    const most = Math.max(1, Math.floor(MOST_TOMBSTONES / parts));
    live.buriedBelow = Math.min(live.deadBelow, from + most);
    for (let epoch = from; epoch < live.buriedBelow; epoch++) {
      for (let part = 0; part < parts; part++) {
        const key = keyOf(producer, epoch, part);
        gone.push({ topic, partition: statePartitionOf(producer), key, value: null, headers: [] });
      }
    }
    return gone;
  }
}
