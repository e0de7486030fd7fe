import type { EventTime } from './state/task-snapshot.ts';

export interface WatermarkInput {
  readonly topic: string;
  readonly partition: number;
  /** Who writes it; each has event time of its own, so that a slow one's rows are not late. */
  readonly producers: readonly string[];
  /** How far behind the highest event time its rows may come before they are late. */
  readonly disorderMs: number;
  /** A table that every task reads whole; it holds nothing back. */
  readonly broadcast: boolean;
  /** Its producers are tasks that say themselves how far event time has come. */
  readonly stamped: boolean;
}

/** Event time of what one producer wrote into one input. */
interface Channel {
  readonly input: number;
  readonly producer: string;
  /** Below it the channel's rows are late. */
  watermark: number;
  highest: number;
  /** Log time of its last row, or of the first look at it. */
  heardAt: number;
  isIdle: boolean;
}

/**
 * How far event time has come in a task. Each channel has its own watermark: its highest event time less the input's
 * disorder, or what a task that writes it has said. A row is late by its own channel's, so it is the same row in every
 * run. The task's watermark is the lowest of the channels that are not idle; it never goes back.
 * A channel is idle when log time has gone on by more than `idleMs` since its last row: a task comes to a log time only
 * when it has taken every row heard before, so a channel that merely lags is never idle. What comes out of one that
 * was idle is late below the watermark that was reached without it.
 * disorder 5, event times 10, 12, 6 → watermarks 5, 7, 7, and 6 is late.
 */
export class Watermarks {
  readonly #inputs: readonly WatermarkInput[];
  readonly #idleMs: number;
  readonly #channels: Channel[] = [];
  readonly #byInput: readonly Map<string, Channel>[];
  /** The one that was asked for last; the next row is mostly of the same. */
  #last: Channel | undefined;
  #watermark = -Infinity;
  /** No channel becomes idle before this log time. */
  #nextIdle = -Infinity;

  constructor(inputs: readonly WatermarkInput[], idleMs: number) {
    this.#inputs = inputs;
    this.#idleMs = idleMs;
    this.#byInput = inputs.map(() => new Map());
    inputs.forEach((input, index) => {
      if (!input.broadcast) for (const producer of input.producers) this.#channel(index, producer);
    });
  }

  get watermark(): number {
    return this.#watermark;
  }

  /** A row of a channel was heard: below the answer it is late. */
  originOf(input: number, producer: string, heardAt: number): number {
    if (this.#inputs[input]!.broadcast) return -Infinity;
    const channel = this.#channel(input, producer);
    this.#heard(channel, heardAt);
    return channel.watermark;
  }

  /** Notes the event time of the row. */
  row(input: number, producer: string, at: number): void {
    const { broadcast, stamped, disorderMs } = this.#inputs[input]!;
    if (broadcast) return;
    const channel = this.#channel(input, producer);
    if (at <= channel.highest) return;
    channel.highest = at;
    if (!stamped && at - disorderMs > channel.watermark) this.#raise(channel, at - disorderMs);
  }

  /** A task that writes the input says that it will bring nothing below `t` any more. */
  stamp(input: number, producer: string, t: number, heardAt: number): void {
    const channel = this.#channel(input, producer);
    this.#heard(channel, heardAt);
    if (t > channel.watermark) this.#raise(channel, t);
  }

  /**
   * Log time at which a channel becomes idle next, if before `now`; the channel is idle from then on, and the watermark
   * may have risen. Undefined when there is none.
   */
  idleBefore(now: number): number | undefined {
    if (now <= this.#nextIdle) return undefined;
    let first: Channel | undefined;
    let next = Infinity;
    for (const channel of this.#channels) {
      if (channel.isIdle) continue;
      // Nothing was heard at all yet: the wait begins with the first row.
      if (channel.heardAt === -Infinity) return undefined;
      if (first === undefined || channel.heardAt < first.heardAt) {
        if (first !== undefined) next = Math.min(next, first.heardAt);
        first = channel;
      } else next = Math.min(next, channel.heardAt);
    }
    if (first === undefined || first.heardAt + this.#idleMs >= now) {
      this.#nextIdle = first === undefined ? Infinity : first.heardAt + this.#idleMs;
      return undefined;
    }
    this.#nextIdle = next + this.#idleMs;
    first.isIdle = true;
    this.#merge();
    return first.heardAt + this.#idleMs;
  }

  /** Everything is over: no row is expected any more. */
  end(): void {
    for (const channel of this.#channels) channel.watermark = Infinity;
    this.#watermark = Infinity;
  }

  /** The channel that holds the watermark back; undefined when all are idle. */
  get slowest():
    | { readonly input: WatermarkInput; readonly producer: string; readonly heardAt: number }
    | undefined {
    let slowest: Channel | undefined;
    for (const channel of this.#channels)
      if (!channel.isIdle && (slowest === undefined || channel.watermark < slowest.watermark))
        slowest = channel;
    if (slowest === undefined) return undefined;
    const { producer, heardAt } = slowest;
    return { input: this.#inputs[slowest.input]!, producer, heardAt };
  }

  snapshot(): EventTime {
    return {
      watermark: this.#watermark,
      inputs: Object.fromEntries(
        this.#channels.map(({ input, producer, ...channel }) => [
          `${nameOf(this.#inputs[input]!)} ${producer}`,
          channel,
        ]),
      ),
    };
  }

  restore({ watermark, inputs }: EventTime): void {
    this.#watermark = watermark;
    this.#nextIdle = -Infinity;
    for (const [name, saved] of Object.entries(inputs)) {
      const [topic, producer] = name.split(' ') as [string, string];
      const input = this.#inputs.findIndex((one) => nameOf(one) === topic);
      if (input >= 0) Object.assign(this.#channel(input, producer), saved);
    }
  }

  #heard(channel: Channel, heardAt: number): void {
    if (channel.heardAt === -Infinity)
      for (const other of this.#channels) if (other.heardAt === -Infinity) other.heardAt = heardAt;
    channel.heardAt = heardAt;
    if (!channel.isIdle) return;
    channel.isIdle = false;
    // The others went on without it.
    channel.watermark = Math.max(channel.watermark, this.#watermark);
    this.#merge();
    this.#nextIdle = Math.min(this.#nextIdle, heardAt + this.#idleMs);
  }

  #raise(channel: Channel, to: number): void {
    const wasLowest = channel.watermark <= this.#watermark || this.#watermark === -Infinity;
    channel.watermark = to;
    if (wasLowest) this.#merge();
  }

  #merge(): void {
    let lowest = Infinity;
    for (const channel of this.#channels)
      if (!channel.isIdle && channel.watermark < lowest) lowest = channel.watermark;
    if (lowest !== Infinity && lowest > this.#watermark) this.#watermark = lowest;
  }

  #channel(input: number, producer: string): Channel {
    const last = this.#last;
    if (last !== undefined && last.input === input && last.producer === producer) return last;
    const channels = this.#byInput[input]!;
    let channel = channels.get(producer);
    if (channel !== undefined) return (this.#last = channel);
    channel = {
      input,
      producer,
      watermark: -Infinity,
      highest: -Infinity,
      heardAt: -Infinity,
      isIdle: false,
    };
    // A producer that the definition does not know left a backlog; nobody waits for it.
    if (!this.#inputs[input]!.producers.includes(producer)) {
      channel.isIdle = true;
      channel.heardAt = 0;
    }
    channels.set(producer, channel);
    this.#channels.push(channel);
    return channel;
  }
}

const nameOf = ({ topic, partition }: WatermarkInput): string => `${topic}/${partition}`;
