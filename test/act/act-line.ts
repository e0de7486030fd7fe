import type { Action } from '../../domain/action.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import type { Rules } from '../../domain/rules.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { courtesy } from '../../pipelines/courtesy.ts';
import { resolve } from '../../pipelines/resolve.ts';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import type { Topic } from '../../runtime/topic.ts';
import { letterOfFailure } from '../../runtime/wire/pipelines.ts';
import { createOutbox } from '../../sinks/outbox/outbox.ts';
import type { Outbox } from '../../sinks/outbox/outbox-contract.ts';
import { manualTimers } from '../sinks/outbox/manual-timers.ts';
import { diskWithDataFolder, steppingClock } from '../support/crash-life.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { type Death, MortalLog } from '../support/mortal-log.ts';
import type { SimulatedDisk } from '../support/simulated-disk.ts';
import { type CountingReceiver } from './counting-receiver.ts';

const PARTITIONS = 2;
/** Turns of the loop after which something that should come to rest does not. */
const HANGS_AFTER_TURNS = 20_000;
/** Longer than any time-out, back-off or open circuit of the destinations. */
const OUTBOX_STEP_MS = 500;

interface Life {
  readonly log: MortalLog;
  readonly engine: Engine;
  readonly outbox: Outbox;
  readonly failures: unknown[];
}

export interface ActLineOptions {
  readonly rules: Rules;
  readonly receiver: CountingReceiver;
  /** By name: whether the receiver recognises a key that it has seen. */
  readonly destinations: Readonly<Record<string, boolean>>;
  readonly startAt: number;
}

/**
 * From what was decided to what was delivered, as it ships: `resolve` and `courtesy` on the engine, and the outbox, on
 * a log that outlives them. Each may be killed at any write; log time and the outbox's wall time go where they are sent.
 */
export class ActLine {
  readonly durable: MemoryLog;
  readonly #options: ActLineOptions;
  readonly #timers = manualTimers();
  readonly #random = seededRandom(1);
  readonly #disk: SimulatedDisk;
  #life: Life | undefined;
  #deaths = 0;
  /** By how much the machine's clock is ahead of log time: never for long, but it may be behind. */
  #aheadMs = 0;
  /** All versions of all actions so far, by id; read on from where it ended. */
  readonly #versions = new Map<string, Action[]>();
  readonly #readTo = [0, 0];

  private constructor(options: ActLineOptions, disk: SimulatedDisk) {
    this.#options = options;
    this.#disk = disk;
    this.durable = new MemoryLog({ topics: partitionsByTopic(PARTITIONS), time: 'recorded' });
    this.durable.advanceTo(options.startAt);
  }

  static async begin(options: ActLineOptions): Promise<ActLine> {
    const line = new ActLine(options, await diskWithDataFolder());
    await line.live();
    return line;
  }

  /** Log time. */
  get now(): number {
    return this.durable.closedUntil;
  }

  get deaths(): number {
    return this.#deaths;
  }

  /** As a source, a person or another system does: it is durable when this resolves, whoever lives. */
  async append<T>(
    topic: Pick<Topic<T>, 'name' | 'key' | 'write'>,
    row: T,
    documentId?: string,
  ): Promise<void> {
    const record = { key: topic.key(row), value: topic.write(row) };
    await this.durable.append(topic.name, record, documentId === undefined ? {} : { documentId });
  }

  /** All durable versions of an action, oldest first; asked in the middle of everything. */
  versionsOf(actionId: string): readonly Action[] {
    this.#readOn();
    return this.#versions.get(actionId) ?? [];
  }

  /** The last durable version of each action. */
  actions(): readonly Action[] {
    this.#readOn();
    return [...this.#versions.values()].map((versions) => versions.at(-1)!);
  }

  dispatches(): readonly Dispatch[] {
    return rowsIn<Dispatch>(this.durable, 'dispatches');
  }

  /** Whoever lives is killed, and the next life begins; it dies in its turn where that is said. */
  async live(death?: Death): Promise<void> {
    await this.end();
    const { rules, receiver, destinations } = this.#options;
    const log = new MortalLog(this.durable, death);
    const failures: unknown[] = [];
    const engine = createEngine({
      pipelines: [resolve(rules), courtesy(rules)],
      log,
      stateFolder: '/data/state',
      disk: this.#disk,
      services: {
        scorer: () => {
          throw new Error('nothing is scored here');
        },
      },
      observer: silentObserver,
      wall: steppingClock(),
      deadLetter: letterOfFailure,
      onError: (error) => failures.push(error),
      checkpointMs: 2,
      compactAtBytes: 2_000,
    });
    const outbox = createOutbox({
      log,
      destinations: Object.fromEntries(
        Object.entries(destinations).map(([name, deduplicates]) => [
          name,
          {
            channel: receiver.channel(deduplicates),
            concurrency: 3,
            ratePerSec: 10_000,
            maxAttempts: 1_000,
            timeoutMs: 300,
            backoff: { baseMs: 50, maxMs: 400 },
            breaker: { failures: 4, openMs: 300 },
          },
        ]),
      ),
      clock: { now: () => this.durable.closedUntil },
      timers: this.#timers,
      random: this.#random,
      stateOf: (producer) => this.durable.statesOf(producer).at(-1),
      commitEveryMs: 100,
      onProblem: (error) => failures.push(error),
    });
    this.#life = { log, engine, outbox, failures };
    // A life may end before it has begun.
    await this.#unlessDead(engine.start());
    await this.#unlessDead(outbox.start());
  }

  async end(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    this.#deaths += 1;
    life.log.die();
    await life.outbox.stop();
    await life.engine.stop().catch(() => undefined);
    this.#disk.loseProcess();
  }

  /** Lets so many turns of the loop go by, and so much of the outbox's time. */
  async work(turns: number, ms: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    this.#timers.advance(ms);
    if (this.#life?.log.isDead === true) await this.live();
  }

  /** Log time goes on with the machine's clock; while that is behind, it stands still. */
  passTime(ms: number): void {
    this.#aheadMs += ms;
    if (this.#aheadMs <= 0) return;
    this.durable.advanceTo(this.now + this.#aheadMs);
    this.#aheadMs = 0;
  }

  /** Somebody sets the machine's clock, or it was wrong and is set right. */
  setClock(byMs: number): void {
    this.passTime(byMs);
  }

  clockIsRight(): void {
    this.#aheadMs = 0;
  }

  /** Until everything heard is decided on, and read by the outbox; who dies on the way begins again. */
  async decided(): Promise<void> {
    for (let turn = 0, quiet = 0; quiet < 2; turn++) {
      if (turn > HANGS_AFTER_TURNS) throw new Error('the line does not come to rest');
      await nextTurn();
      const { log, engine, outbox, failures } = this.#life!;
      if (log.isDead) {
        await this.live();
        continue;
      }
      if (failures.length > 0) throw failures[0];
      quiet = engine.settled(this.now) && outbox.stats().unread === 0 ? quiet + 1 : 0;
    }
  }

  /** Until nothing is due any more. */
  async delivered(): Promise<void> {
    for (let turn = 0; turn < HANGS_AFTER_TURNS; turn++) {
      await this.decided();
      if (this.#life!.outbox.stats().due === 0) return;
      this.#timers.advance(OUTBOX_STEP_MS);
    }
    throw new Error('what is due is not delivered');
  }

  #readOn(): void {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for (const record of this.durable.since('actions', partition, this.#readTo[partition]!)) {
        const row = JSON.parse(decoder.decode(record.value)) as Action;
        this.#versions.set(row.id, [...(this.#versions.get(row.id) ?? []), row]);
        this.#readTo[partition] = record.offset + 1;
      }
    }
  }

  async #unlessDead(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => {
      if (this.#life?.log.isDead !== true) throw error;
    });
  }
}

const decoder = new TextDecoder();
const rowsIn = <T>(log: MemoryLog, topic: string): readonly T[] =>
  log.all(topic).map(({ value }) => JSON.parse(decoder.decode(value)) as T);
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
