import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { LineLog, LogRecord } from '../../runtime/log/log.ts';
import type { TopicPosition } from './topic-position.ts';

/** Topic of the log of one partition, whose records say how far foreign topics have been taken: the later one of a partition holds. */
export const POSITIONS = 'source-positions';

const partitionPosition = z.object({ id: z.string(), incarnation: z.int(), next: z.int() });
const written = z.object({
  format: z.literal(2),
  topics: z.record(
    z.string(),
    z.object({ seen: z.int(), partitions: z.record(z.coerce.number(), partitionPosition) }),
  ),
});

/** Whoever has got a partition from us has written its position by then. */
const HELD_MS = 1_200_000;

type PositionsLog = Pick<LineLog, 'append' | 'read' | 'begin' | 'end' | 'hold'>;

/**
 * How far foreign topics have been taken, in the log itself, so that it goes where the documents go: to another
 * process, to another machine, into a rewound folder. It is appended behind them, so it may be older than the truth and is
 * never ahead of it: what is read again is recognised by its ids.
 */
export class SourcePositions {
  readonly #log: PositionsLog;
  /** As the log says. */
  readonly #known = new Map<string, TopicPosition>();
  /** Of what is taken here, ahead of the log. */
  readonly #own = new Map<string, TopicPosition>();
  #read = 0;
  /** The last record of ours, and that before something was given away: it alone may say how far that was taken. */
  #last: { readonly offset: number; readonly at: number } | undefined;
  #given: { readonly offset: number; readonly at: number } | undefined;
  #changed = false;

  private constructor(log: PositionsLog) {
    this.#log = log;
  }

  static async open(log: PositionsLog): Promise<SourcePositions> {
    const positions = new SourcePositions(log);
    await positions.takeUp();
    return positions;
  }

  /** What others have written since, and forgets what was ours: somebody else may take it now. */
  async takeUp(): Promise<void> {
    this.#own.clear();
    this.#given ??= this.#last;
    const end = this.#log.end(POSITIONS, 0);
    for (let offset = Math.max(this.#log.begin(POSITIONS, 0), this.#read); offset < end;) {
      const records = await this.#log.read(POSITIONS, 0, offset);
      if (records.length === 0) break;
      for (const record of records) this.#hear(record);
      offset = records.at(-1)!.offset + 1;
      this.#read = offset;
    }
  }

  of(topic: string): TopicPosition | undefined {
    return merged(this.#known.get(topic), this.#own.get(topic));
  }

  /** Of the partitions that are taken here. */
  set(topic: string, position: TopicPosition): void {
    this.#own.set(topic, position);
    this.#changed = true;
  }

  /** Durable when it resolves. Without `again` only when something has changed; answers whether it was written. */
  async write(again = false): Promise<boolean> {
    if (this.#own.size === 0 || (!this.#changed && !again)) return false;
    this.#changed = false;
    const topics = Object.fromEntries(this.#own);
    try {
      const value = Buffer.from(JSON.stringify({ format: 2, topics }));
      const { offset, heardAt } = await this.#log.append(POSITIONS, { key: 'kafka', value });
      this.#hold(offset, heardAt);
      return true;
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  /** The last record of ours says all that is taken here. */
  #hold(offset: number, at: number): void {
    this.#last = { offset, at };
    if (this.#given !== undefined && at > this.#given.at + HELD_MS) this.#given = undefined;
    this.#log.hold(POSITIONS, new Map([[`${POSITIONS}/0`, this.#given?.offset ?? offset]]));
  }

  #hear({ value }: LogRecord): void {
    const said = written.safeParse(JSON.parse(Buffer.from(value).toString()));
    if (!said.success) {
      throw new ForewarnError('FW105', 'positions of foreign Kafka topics are not of this version', {
        cause: said.error,
      });
    }
    for (const [topic, position] of Object.entries(said.data.topics))
      this.#known.set(topic, merged(this.#known.get(topic), position)!);
  }
}

/** The later one says more of its partitions, and nothing of the others. */
const merged = (
  before: TopicPosition | undefined,
  later: TopicPosition | undefined,
): TopicPosition | undefined =>
  before === undefined || later === undefined
    ? (later ?? before)
    : {
        seen: Math.max(before.seen, later.seen),
        partitions: { ...before.partitions, ...later.partitions },
      };
