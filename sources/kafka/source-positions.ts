import { z } from 'zod';
import type { LineLog } from '../../runtime/log/log.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { TopicPosition } from './topic-position.ts';

/** Topic of the log of one partition, whose last record says how far all foreign topics have been taken. */
export const POSITIONS = 'source-positions';

const written = z.object({
  format: z.literal(1),
  topics: z.record(z.string(), z.object({ id: z.string(), incarnation: z.int(), next: z.array(z.int()) })),
});

type PositionsLog = Pick<LineLog, 'append' | 'read' | 'begin' | 'end' | 'hold'>;

/**
 * How far foreign topics have been taken, in the log itself, so that it goes where the documents go: to another
 * machine, into a rewound folder. It is appended behind them, so it may be older than the truth and is never ahead of
 * it: what is read again is recognised by its ids.
 */
export class SourcePositions {
  readonly #log: PositionsLog;
  readonly #topics: Map<string, TopicPosition>;
  #changed = false;

  private constructor(log: PositionsLog, topics: Map<string, TopicPosition>) {
    this.#log = log;
    this.#topics = topics;
  }

  static async open(log: PositionsLog): Promise<SourcePositions> {
    const end = log.end(POSITIONS, 0);
    if (end <= log.begin(POSITIONS, 0)) return new SourcePositions(log, new Map());
    const [record] = await log.read(POSITIONS, 0, end - 1);
    if (record === undefined) return new SourcePositions(log, new Map());
    log.hold(POSITIONS, new Map([[`${POSITIONS}/0`, record.offset]]));
    try {
      const { topics } = written.parse(JSON.parse(Buffer.from(record.value).toString()));
      return new SourcePositions(log, new Map(Object.entries(topics)));
    } catch (cause) {
      throw new ForewarnError('FW105', 'positions of foreign Kafka topics are not of this version', {
        cause,
      });
    }
  }

  of(topic: string): TopicPosition | undefined {
    return this.#topics.get(topic);
  }

  set(topic: string, position: TopicPosition): void {
    this.#topics.set(topic, position);
    this.#changed = true;
  }

  /** Durable when it resolves. Without `again` only when something has changed; answers whether it was written. */
  async write(again = false): Promise<boolean> {
    if (!this.#changed && !again) return false;
    this.#changed = false;
    const topics = Object.fromEntries(this.#topics);
    try {
      const value = Buffer.from(JSON.stringify({ format: 1, topics }));
      const { offset } = await this.#log.append(POSITIONS, { key: 'kafka', value });
      // Only the last one says anything; those before it may go.
      this.#log.hold(POSITIONS, new Map([[`${POSITIONS}/0`, offset]]));
      return true;
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }
}
