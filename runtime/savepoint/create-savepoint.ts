import { ForewarnError } from '../forewarn-error.ts';
import { everythingOf, holderOf } from '../log/holders.ts';
import type { LineLog, LogCut } from '../log/log.ts';
import { stateTopic } from '../log/state-topic.ts';
import type { SnapshotStore } from '../state/snapshot-store.ts';
import { FolderSnapshots } from '../state/snapshots/folder-snapshots.ts';
import { decodeSnapshot, type TaskSnapshot } from '../state/task-snapshot.ts';
import type { StateGraph } from './graph.ts';
import type { SavepointFacts } from './savepoint.ts';
import type { SavepointStore } from './store.ts';

export interface CreateSavepointOptions {
  readonly name: string;
  readonly id: string;
  readonly log: Pick<LineLog, 'ends' | 'begin' | 'read' | 'closedUntil' | 'hold' | 'savepoints'>;
  /** Where the tasks keep their bases. */
  readonly snapshots: SnapshotStore;
  readonly savepoints: SavepointStore;
  readonly graph: StateGraph;
  /** Producers that fill tables: they begin anew wherever the log is taken back. */
  readonly fillsTables: (producer: string) => boolean;
  readonly facts: Pick<SavepointFacts, 'codeVersion' | 'partitions' | 'time' | 'generation' | 'tables'>;
}

/** What is known of a task's state at the cut. */
interface TaskCopy {
  readonly name: string;
  readonly epoch: number;
  readonly bytes: number;
  /** First record of its state topic that is not in the base. */
  readonly stateOffset: number;
  readonly positions: TaskSnapshot['positions'];
  /** `step` and `part` of all that is kept. */
  readonly states: readonly string[];
}

type Cut = ReadonlyMap<string, number>;
type Producers = LogCut['producers'];

const ATTEMPTS = 20;

/**
 * Copies the base of every task, and from then on holds the log with the changes since and the input behind them. The
 * tasks go on meanwhile: what they commit lies behind the cut and is not looked at. Guarantee: the state and all that
 * tasks had written by the cut belong together.
 */
export const createSavepoint = async (options: CreateSavepointOptions): Promise<SavepointFacts> => {
  const { name, id, log, savepoints, graph, facts } = options;
  const holder = holderOf(id);
  let isHeld = false;
  try {
    return await savepoints.create(name, async (folder) => {
      // Until it is known what is needed, nothing is dropped.
      log.hold(holder, everythingOf(log));
      isHeld = true;
      const { cut, at, producers, tasks } = await consistent(options, folder);
      const holds = { ...statesOf(producers), ...holdsOf(options, cut, tasks) };
      log.hold(holder, new Map(Object.entries(holds)));
      await log.savepoints?.keep(id, new Map(Object.entries(holds)));
      return {
        format: 1,
        id,
        name,
        at,
        ...facts,
        cut: Object.fromEntries(cut),
        holds,
        ...(producers === undefined ? {} : { producers }),
        graph: { ...graph, steps: withParts(graph.steps, tasks) },
        tasks: tasks.map(({ name: task, epoch, bytes }) => ({ name: task, epoch, bytes })),
      };
    });
  } catch (error) {
    if (isHeld) await release(log, id).catch(() => undefined);
    throw error;
  }
};

/** Nothing is held for a savepoint any more. */
export const release = async (log: Pick<LineLog, 'hold' | 'savepoints'>, id: string): Promise<void> => {
  log.hold(holderOf(id), new Map());
  await log.savepoints?.keep(id, null);
};

/** A base that was written behind the cut says too much; then another cut is taken, behind that. */
const consistent = async (
  options: CreateSavepointOptions,
  folder: string,
): Promise<{
  readonly cut: Cut;
  readonly at: number;
  readonly producers: Producers | undefined;
  readonly tasks: readonly TaskCopy[];
}> => {
  const { log, graph, fillsTables } = options;
  const names = graph.stages.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => `${name}/${partition}`),
  );
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found: Omit<LogCut, 'producers'> & Partial<LogCut> = (await log.savepoints?.cut()) ?? {
      ends: log.ends(),
      at: log.closedUntil,
    };
    const { ends: cut, at } = found;
    const tasks: TaskCopy[] = [];
    for (const name of names) {
      const copy = await copyTask(options, folder, name, cut);
      if (copy === null) break;
      tasks.push(copy);
    }
    const producers = found.producers && without(found.producers, fillsTables);
    if (tasks.length === names.length) return { cut, at, producers, tasks };
  }
  throw new ForewarnError(
    'FW322',
    `savepoint "${options.name}": tasks wrote new bases faster than they could be copied; try again, or stop the process first`,
  );
};

/** Null when its base is younger than the cut. */
const copyTask = async (
  { log, snapshots }: CreateSavepointOptions,
  folder: string,
  task: string,
  cut: Cut,
): Promise<TaskCopy | null> => {
  const end = cut.get(`${stateTopic(task)}/0`) ?? 0;
  // Looked at as it was copied: the task may replace its own at any time.
  const hasBase = await snapshots.copyTo(task, folder);
  const saved = hasBase ? await new FolderSnapshots(folder).load(task) : undefined;
  const stateOffset = saved?.base.stateOffset ?? 0;
  if (stateOffset > end) return null;
  const states = new Set(Object.keys(saved?.states ?? {}));
  let last: Pick<TaskSnapshot, 'epoch' | 'positions' | 'eventTime'> | undefined = saved?.base;
  let deltaBytes = 0;
  for (let offset = stateOffset; offset < end;) {
    const records = await log.read(stateTopic(task), 0, offset);
    for (const record of records) {
      if (record.offset >= end) continue;
      deltaBytes += record.value.length;
      const delta = decodeSnapshot(record.value);
      for (const name of Object.keys(delta.states)) states.add(name);
      last = delta;
    }
    if (records.length === 0) break;
    offset = records.at(-1)!.offset + 1;
  }
  return {
    name: task,
    epoch: last?.epoch ?? 0,
    bytes: (saved?.bytes ?? 0) + deltaBytes,
    stateOffset,
    positions: last?.positions ?? {},
    states: [...states],
  };
};

const without = (producers: Producers, leavesOut: (producer: string) => boolean): Producers =>
  Object.fromEntries(Object.entries(producers).filter(([producer]) => !leavesOut(producer)));

/** The last state of each producer: of those that are no tasks it is all that they have. */
const statesOf = (producers: Producers = {}): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(producers).flatMap(([producer, { state }]) =>
      state === null ? [] : [[`${stateTopic(producer)}/0`, state.at]],
    ),
  );

/** A task that has not committed yet reads its inputs from the beginning. */
const holdsOf = (
  { log, graph }: CreateSavepointOptions,
  cut: Cut,
  tasks: readonly TaskCopy[],
): Record<string, number> => {
  const holds: Record<string, number> = {};
  const hold = (place: string, offset: number): void => {
    holds[place] = Math.min(holds[place] ?? Infinity, offset);
  };
  for (const { name, positions, stateOffset } of tasks) {
    hold(`${stateTopic(name)}/0`, stateOffset);
    const hasNone = Object.keys(positions).length === 0;
    const stage = graph.stages.find((one) => name.startsWith(`${one.name}/`));
    for (const place of cut.keys()) {
      const slash = place.lastIndexOf('/');
      const [topic, partition] = [place.slice(0, slash), Number(place.slice(slash + 1))];
      if (hasNone && stage?.reads.includes(topic) === true) hold(place, log.begin(topic, partition));
    }
    for (const [place, { resume }] of Object.entries(positions)) hold(place, resume);
  }
  return holds;
};

const withParts = (steps: StateGraph['steps'], tasks: readonly TaskCopy[]): StateGraph['steps'] => {
  const parts = new Map<string, Set<string>>();
  for (const { name, states } of tasks) {
    const stage = name.slice(0, name.lastIndexOf('/'));
    for (const state of states) {
      const [step = '', part = ''] = state.split('\u0000');
      const place = `${stage}/${step}`;
      parts.set(place, (parts.get(place) ?? new Set()).add(part));
    }
  }
  return steps.map((step) => ({
    ...step,
    parts: [...(parts.get(`${step.stage}/${step.name}`) ?? [])].sort(),
  }));
};
