import { z } from 'zod';
import { stableId } from '../../../domain/stable-id.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { Log, LogRecord } from '../../../runtime/log/log.ts';
import { createFollower } from '../follower.ts';
import { backoffMs } from '../backoff.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { waitUnlessStopped } from '../wait-unless-stopped.ts';
import type { Transport } from './deliver-interchange.ts';
import type { InterchangeRegister } from './x12/interchange-register.ts';

const received = 'raw';
export const answersProducer = 'edi-answers/0';
const backoff = { baseMs: 1_000, maxMs: 300_000 };

/** An acknowledgement that is owed for a part of one document. */
export interface OwedAnswer {
  /** What it is and what it answers, for people: `997 for group 42`. */
  readonly what: string;
  /** Which standard, and which part of the document: the same parts are the same answer. */
  readonly parts: readonly string[];
  /** Under which name its partner is configured. */
  readonly destination: string;
  readonly partnership: string;
  readonly setControl: string;
  readonly transport: Transport;
  /** Begins the name that it is handed over under; the control number ends it. */
  readonly file: string;
  readonly write: (control: number, atMs: number) => string;
}

export interface AnswersOptions {
  readonly log: Log;
  /** Gives out the control numbers, for these are interchanges of ours like any other. */
  readonly register: InterchangeRegister;
  /** What is owed for one document; empty for what nobody waits to have acknowledged. */
  readonly owedFor: (record: LogRecord) => readonly OwedAnswer[];
  /** Ways to partners that are closed in the end. */
  readonly transports: readonly Transport[];
  readonly timers?: Timers;
  readonly random: () => number;
  /** What was committed last. */
  readonly state: Uint8Array | undefined;
  readonly onProblem: (error: unknown) => void;
}

export interface Answers {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything that is durable now has been answered. */
  caughtUp(): Promise<void>;
  stats(): { readonly answered: number; readonly refused: number };
  /** The first offsets that a restart needs, by `topic/partition`; the log must keep them. */
  holds(): ReadonlyMap<string, number>;
}

const answersState = z.object({
  format: z.literal(1),
  epoch: z.int().min(0),
  positions: z.record(z.string(), z.int()),
});

/**
 * Acknowledges what partners send us: follows `raw`, outside of the tasks, and sends what is owed
 * for each document: a 997 for a functional group of X12, an APERAK for an interchange of EDIFACT. Guarantee: at least once, always under the same control number and with the same bytes, for
 * the number is durable before anything is sent; exactly once where the partner refuses a number that it has had. A partner
 * that cannot be reached is waited for, and the others with it: acknowledgements go out in the order of the log.
 */
export const createAnswers = (options: AnswersOptions): Answers => {
  const { log, register, owedFor, transports, timers = systemTimers, random, onProblem } = options;
  const begun = readState(options.state);
  const positions = new Map(Object.entries(begun?.positions ?? {}));
  let { epoch } = begun ?? { epoch: 0 };
  let committed = new Map(positions);
  /** What lies before these may have been answered by a process that was killed. */
  const answeredBefore = new Map<string, number>();
  const stopped = new AbortController();
  const counts = { answered: 0, refused: 0 };
  let unsubscribe: (() => void) | undefined;

  const answer = async (owed: OwedAnswer, record: LogRecord, mayExist: boolean) => {
    const { what, parts, destination, partnership, setControl, transport, write } = owed;
    const document = record.headers['documentId'] ?? `${record.key}:${record.offset}`;
    const [standard = '', ...part] = parts;
    const id = stableId(standard, partnership, record.key, document, ...part);
    const { text, control } = await register.of({
      partnership,
      destination,
      setControl,
      action: { id, shipmentId: 'none', exceptionId: 'none' },
      acknowledgeWithinMs: null,
      mayExist,
      write,
    });
    const file = `${owed.file}-${String(control).padStart(9, '0')}`;
    for (let attempt = 1; !stopped.signal.aborted; attempt += 1) {
      const outcome = await transport.deliver(text, file, stopped.signal);
      if (outcome.kind === 'sent') {
        counts.answered += 1;
        return;
      }
      if (outcome.kind === 'refused')
        throw new ForewarnError('FW413', `${what} to ${destination}: ${outcome.error ?? 'refused'}`);
      await waitUnlessStopped(backoffMs(attempt, backoff, random), { timers, stopped: stopped.signal });
    }
  };

  const take = async (record: LogRecord, mayExist: boolean): Promise<void> => {
    for (const owed of owedFor(record)) {
      try {
        await answer(owed, record, mayExist);
      } catch (error) {
        if (!(error instanceof ForewarnError) || error.retry) throw error;
        // What this partner cannot be told is told here; what is owed to others goes on.
        counts.refused += 1;
        onProblem(error);
      }
    }
  };

  const catchUp = async (): Promise<void> => {
    for (let partition = 0; partition < log.partitionsOf(received); partition += 1) {
      const key = `${received}/${partition}`;
      for (;;) {
        const next = positions.get(key) ?? 0;
        if (next >= log.end(received, partition) || stopped.signal.aborted) break;
        const records = await log.read(received, partition, next);
        if (records.length === 0) break;
        for (const record of records) {
          await take(record, record.offset < (answeredBefore.get(key) ?? 0));
          if (stopped.signal.aborted) return;
          positions.set(key, record.offset + 1);
        }
      }
    }
    await commit();
  };

  const commit = async (): Promise<void> => {
    if ([...positions].every(([key, offset]) => committed.get(key) === offset)) return;
    const now = new Map(positions);
    epoch += 1;
    const state = { format: 1, epoch, positions: Object.fromEntries(now) };
    await log.commit({
      producer: answersProducer,
      epoch,
      frontier: log.closedUntil,
      writes: [],
      state: new TextEncoder().encode(JSON.stringify(state)),
      isWhole: true,
    });
    committed = now;
  };

  const follower = createFollower({
    catchUp,
    isStopped: () => stopped.signal.aborted,
    onFailure: (error) => {
      if (stopped.signal.aborted) return;
      // What cannot be written down cannot be gone on with; a restart takes it up again.
      onProblem(error);
      stopped.abort();
    },
  });

  return {
    start: async () => {
      for (let partition = 0; partition < log.partitionsOf(received); partition += 1) {
        const key = `${received}/${partition}`;
        const end = log.end(received, partition);
        // Switched on for the first time: what came before nobody waits to have acknowledged.
        if (begun === null) positions.set(key, end);
        answeredBefore.set(key, end);
      }
      await log.follow?.(answersProducer, positions);
      await commit();
      unsubscribe = log.onAdvance(follower.wake);
      follower.wake();
    },
    stop: async () => {
      unsubscribe?.();
      stopped.abort();
      await follower.idle();
      await log.follow?.(answersProducer, new Map());
      await commit();
      for (const transport of transports) transport.close();
    },
    caughtUp: async () => {
      follower.wake();
      await follower.idle();
    },
    stats: () => ({ ...counts }),
    holds: () => committed,
  };
};

const readState = (state: Uint8Array | undefined): z.infer<typeof answersState> | null => {
  if (state === undefined) return null;
  try {
    return answersState.parse(JSON.parse(new TextDecoder().decode(state)));
  } catch (cause) {
    throw new ForewarnError('FW105', `state of "${answersProducer}" is not one of this version`, { cause });
  }
};
