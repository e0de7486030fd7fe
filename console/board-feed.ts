import { action } from '../domain/action.ts';
import { causeRecord } from '../domain/cause-record.ts';
import { decision } from '../domain/decision.ts';
import { dispatch } from '../domain/dispatch.ts';
import { shipmentException } from '../domain/exception.ts';
import { outcome } from '../domain/outcome.ts';
import type { Log, LogRecord } from '../runtime/log/log.ts';
import { partitionNumbers } from '../runtime/log/partition-numbers.ts';
import { Board } from './board.ts';
import { loadBoard, type Positions, saveBoard } from './board-file.ts';

export interface BoardFeedOptions {
  readonly log: Pick<Log, 'partitionsOf' | 'read' | 'end' | 'onAdvance' | 'follow'>;
  /** Where the board is kept between two starts. */
  readonly path: string;
  /** 5,000 ms by default. */
  readonly saveEveryMs?: number;
  /** Whether anybody wants the board now: while nobody does, nothing is read for it. Always wanted without it. */
  readonly isWanted?: () => boolean;
  /** A row that does not fit, or a log or disk that fails; the feed goes on. */
  readonly onError: (error: unknown) => void;
}

/** Keeps a board in step with the log. Reading again after a crash changes nothing: the board counts versions. */
export interface BoardFeed {
  readonly board: Board;
  /** Resolves when everything durable at the time of the call has been read, or at once while nobody wants it. */
  caughtUp(): Promise<void>;
  /** For whoever looks: resolves when what came while nobody did has been read. */
  shown(): Promise<void>;
  save(): Promise<void>;
  /** Stops reading, then saves. */
  stop(): Promise<void>;
}

/** Topics of the board, and what it does with a row of each. */
const folds = {
  exceptions: (board, row) => board.applyException(shipmentException.parse(row)),
  actions: (board, row) => board.applyAction(action.parse(row)),
  outcomes: (board, row) => board.applyOutcome(outcome.parse(row)),
  decisions: (board, row) => board.applyDecision(decision.parse(row)),
  dispatches: (board, row) => board.applyDispatch(dispatch.parse(row)),
  causes: (board, row) => board.applyCause(causeRecord.parse(row)),
} satisfies Record<string, (board: Board, row: unknown) => unknown>;
type BoardTopic = keyof typeof folds;
const topics = Object.keys(folds) as BoardTopic[];

export const startBoardFeed = async (options: BoardFeedOptions): Promise<BoardFeed> => {
  const { log, path, onError, isWanted = () => true } = options;
  const saved = await loadBoard(path);
  const usable = saved !== undefined && withinLog(log, saved.positions);
  const board = usable ? saved.board : new Board();
  const positions: Positions = usable ? saved.positions : {};
  let changed = false;
  let stopped = false;
  let pump: Promise<void> | undefined;
  let again = false;
  /** While it is wanted: resolves when what it had missed by then has been read. */
  let missed: Promise<void> | undefined;

  const readAll = async (): Promise<void> => {
    for (const topic of topics) {
      for (let partition = 0; partition < log.partitionsOf(topic); partition += 1) {
        await readPartition(topic, partition);
      }
    }
  };

  const readPartition = async (topic: BoardTopic, partition: number): Promise<void> => {
    const place = `${topic}/${partition}`;
    let offset = positions[place] ?? 0;
    while (!stopped && offset < log.end(topic, partition)) {
      const records = await log.read(topic, partition, offset);
      const last = records.at(-1);
      if (last === undefined) return;
      for (const record of records) fold(topic, record);
      offset = last.offset + 1;
      positions[place] = offset;
      changed = true;
    }
  };

  const fold = (topic: BoardTopic, record: LogRecord): void => {
    try {
      const row: unknown = JSON.parse(decoder.decode(record.value));
      folds[topic](board, row);
    } catch (error) {
      onError(error);
    }
  };

  const run = async (): Promise<void> => {
    while (again && !stopped) {
      again = false;
      await readAll().catch(onError);
    }
    // In the same turn as the last look at `again`, so that no call falls between the two.
    pump = undefined;
  };

  const read = (): Promise<void> => {
    again = true;
    pump ??= run();
    return pump;
  };

  const rest = async (): Promise<void> => {
    missed = undefined;
    await log.follow?.(FOLLOWER, new Map());
  };

  const begin = async (): Promise<void> => {
    const from = placesOf(log).map((place) => [place, positions[place] ?? 0] as const);
    await log.follow?.(FOLLOWER, new Map(from)).catch(onError);
    await read();
  };

  const wake = (): Promise<void> => {
    if (isWanted()) {
      missed ??= begin();
      return read();
    }
    return missed === undefined ? Promise.resolve() : rest().catch(onError);
  };

  const save = async (): Promise<void> => {
    if (!changed) return;
    changed = false;
    try {
      await saveBoard(path, board, positions);
    } catch (error) {
      changed = true;
      onError(error);
    }
  };

  // One save at a time: two would share the temporary file.
  let saving: Promise<void> = Promise.resolve();
  const saveNext = (): Promise<void> => (saving = saving.then(save));

  const unsubscribe = log.onAdvance(() => void wake());
  const timer = setInterval(() => void saveNext(), options.saveEveryMs ?? 5_000);
  timer.unref();
  void wake();

  return {
    board,
    caughtUp: wake,
    shown: async () => {
      void wake();
      await missed;
    },
    save: saveNext,
    stop: async () => {
      stopped = true;
      unsubscribe();
      clearInterval(timer);
      await pump;
      await saveNext();
    },
  };
};

const placesOf = (log: BoardFeedOptions['log']): readonly string[] =>
  topics.flatMap((topic) => partitionNumbers(log, topic).map((partition) => `${topic}/${partition}`));

/** False when the log is shorter than what was read of it: it is another log. */
const withinLog = (log: BoardFeedOptions['log'], positions: Positions): boolean =>
  Object.entries(positions).every(([place, offset]) => {
    const [topic = '', partition = ''] = place.split('/');
    return Number(partition) < log.partitionsOf(topic) && offset <= log.end(topic, Number(partition));
  });

/** As what the log knows it. */
const FOLLOWER = 'page';

const decoder = new TextDecoder();
