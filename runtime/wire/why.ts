/** A record of the log as far as it explains something. */
export interface RecordInsight {
  readonly offset: number;
  readonly key: string;
  /** Event time; null where it cannot be told. */
  readonly at: number | null;
  readonly heardAt: number;
}

/** One input of a task, from one of those who write it. Times are milliseconds; -Infinity is "nothing yet". */
export interface InputInsight {
  readonly topic: string;
  readonly partition: number;
  /** Task that writes it, or `external`. */
  readonly producer: string;
  /** A table that every task reads whole; it holds no watermark back. */
  readonly broadcast: boolean;
  /** Event time below which nothing more is expected of it. */
  readonly watermark: number;
  readonly highest: number;
  /** Log time of its last row. */
  readonly heardAt: number;
  readonly isIdle: boolean;
  /** Log time that its producer has come to: until then no more will come of it. */
  readonly frontier: number;
  /** Durable records of the partition that are not done, whoever wrote them. */
  readonly lag: number;
  /** The record that told of the highest event time, or the last one where that lies far back. */
  readonly last: RecordInsight | null;
  /** The first record that is not done. */
  readonly next: RecordInsight | null;
}

/** All that explains where one task stands. */
export interface TaskInsight {
  readonly task: string;
  readonly stage: string;
  /** Log time up to which the world has been heard, and up to which the task has come. */
  readonly logTime: number;
  readonly time: number;
  readonly watermark: number;
  readonly inputs: readonly InputInsight[];
  readonly credit: CreditInsight;
}

/** What a task has begun and not ended. */
export interface CreditInsight {
  /** Batches that may still leave the thread, for a model or a look-up. */
  readonly left: number;
  /** Those that have left and have not come back; null where that is not known, as for the next two. */
  readonly underWay: number | null;
  /** Commits on their way to the disk, and barriers on their way through the steps. */
  readonly commits: number | null;
  readonly barriers: number | null;
}

/** What holds a task back: an input, and the record at which it stands. */
export interface Holder {
  readonly topic: string;
  readonly partition: number;
  readonly producer: string;
  readonly record: RecordInsight | null;
}

export interface TaskAnswer {
  readonly task: string;
  readonly logTime: number;
  readonly time: number;
  readonly watermark: number | null;
  /** Which input holds the watermark back; null when none does. */
  readonly watermarkHeldBy: Holder | null;
  /** Which input's producer the task waits for before it may take what is there; null when for none. */
  readonly waitsFor: Holder | null;
  readonly idle: readonly string[];
  readonly creditIsOut: boolean;
  readonly sentences: readonly string[];
}

export interface Answer {
  readonly asked: string;
  readonly tasks: readonly TaskAnswer[];
}

/** Why the tasks of a step stand where they stand, in data and in sentences. */
export const whyOf = (asked: string, insights: readonly TaskInsight[]): Answer => ({
  asked,
  tasks: insights.map(answerOf),
});

const answerOf = (insight: TaskInsight): TaskAnswer => {
  const { task, logTime, time, watermark, inputs, credit } = insight;
  const holder = watermarkHolder(inputs);
  const waits = waitsFor(inputs);
  const creditIsOut = credit.left <= 0;
  return {
    task,
    logTime,
    time,
    watermark: watermark === -Infinity ? null : watermark,
    watermarkHeldBy: holder === undefined ? null : { ...placeOf(holder), record: holder.last },
    waitsFor: waits === undefined ? null : { ...placeOf(waits), record: waits.next },
    idle: inputs.filter(({ isIdle }) => isIdle).map(nameOf),
    creditIsOut,
    sentences: [
      ...timeSentences(insight, waits, creditIsOut),
      ...creditSentences(credit),
      ...watermarkSentences(insight, holder),
      ...idleSentences(inputs),
    ],
  };
};

const placeOf = ({ topic, partition, producer }: InputInsight): Omit<Holder, 'record'> => ({
  topic,
  partition,
  producer,
});

/** Of the inputs that are not idle the one whose watermark is lowest: the task's cannot be higher. */
const watermarkHolder = (inputs: readonly InputInsight[]): InputInsight | undefined =>
  inputs
    .filter(({ broadcast, isIdle }) => !broadcast && !isIdle)
    .reduce<InputInsight | undefined>(
      (lowest, input) => (lowest === undefined || input.watermark < lowest.watermark ? input : lowest),
      undefined,
    );

/**
 * A task takes a record only when nobody can bring an earlier one. next of a: heard at 9 · b has nothing, its producer
 * has come to 4 → the task waits for b's producer.
 */
const waitsFor = (inputs: readonly InputInsight[]): InputInsight | undefined => {
  const first = Math.min(...inputs.map(({ next }) => next?.heardAt ?? Infinity));
  if (first === Infinity) return undefined;
  const slowest = inputs
    .filter(({ next }) => next === null)
    .reduce<InputInsight | undefined>(
      (least, input) => (least === undefined || input.frontier < least.frontier ? input : least),
      undefined,
    );
  return slowest !== undefined && slowest.frontier < first ? slowest : undefined;
};

const timeSentences = (
  { task, logTime, time, inputs }: TaskInsight,
  waits: InputInsight | undefined,
  creditIsOut: boolean,
): readonly string[] => {
  const behind = logTime - time;
  if (time === -Infinity) return [`${task} has not begun: nothing has been heard of all of its inputs yet.`];
  const partitions = new Map(inputs.map((input) => [`${input.topic}/${input.partition}`, input.lag]));
  const waiting = [...partitions.values()].reduce((sum, lag) => sum + lag, 0);
  const place =
    behind < 1_000
      ? `${task} has come as far as the log, ${instant(time)}`
      : `${task} has come to log time ${instant(time)}, ${span(behind)} behind the log`;
  const lines = [
    `${place}; ${waiting === 0 ? 'no record waits' : `${count(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} to be done`}.`,
  ];
  if (waits !== undefined) {
    lines.push(
      `It waits for ${waits.producer}, which writes ${waits.topic}/${waits.partition} and has come to ${instant(waits.frontier)} only: until then an earlier record may still come.`,
    );
  } else if (waiting > 0 && !creditIsOut) {
    lines.push('Nothing holds it: it is working on them.');
  }
  return lines;
};

const creditSentences = ({ left, underWay, commits, barriers }: CreditInsight): readonly string[] => {
  const lines: string[] = [];
  const batches = underWay === null ? 'as many batches as may be' : count(underWay, 'batch', 'batches');
  if (left <= 0)
    lines.push(
      `Its credit is out: ${batches} are under way outside the thread (scoring, look-ups) and have not come back.`,
    );
  else if (underWay !== null && underWay > 0)
    lines.push(`Under way outside the thread: ${batches} of ${underWay + left}.`);
  if (barriers !== null && barriers > 0)
    lines.push(
      `${count(barriers, 'barrier waits', 'barriers wait')} for asynchronous steps to end what they began.`,
    );
  if (commits !== null && commits > 0)
    lines.push(`${count(commits, 'commit waits', 'commits wait')} for the disk.`);
  return lines;
};

const watermarkSentences = (
  { watermark, logTime }: TaskInsight,
  holder: InputInsight | undefined,
): readonly string[] => {
  const keyed = 'no row with an earlier event time is expected';
  if (holder === undefined) {
    return watermark === -Infinity
      ? ['It has no watermark: none of its inputs has brought a row.']
      : [`Its watermark is ${instant(watermark)}: ${keyed}. No input holds it; all are idle.`];
  }
  const where = `${holder.topic}/${holder.partition}${holder.producer === 'external' ? '' : ` from ${holder.producer}`}`;
  if (holder.highest === -Infinity) {
    return [
      `Its watermark is held by ${where}, which has brought nothing yet; it is waited for until it counts as idle.`,
    ];
  }
  const record = holder.last;
  const told =
    record === null
      ? ''
      : ` It was told by ${holder.topic}/${holder.partition}@${record.offset} (key "${record.key}"${record.at === null ? '' : `, happened ${instant(record.at)}`}, heard ${instant(record.heardAt)}).`;
  return [
    `Its watermark is ${watermark === -Infinity ? 'not there yet' : `${instant(watermark)}, ${span(logTime - watermark)} behind the log`}; ${where} holds it: the latest that it told of happened ${instant(holder.highest)}.${told}`,
  ];
};

const idleSentences = (inputs: readonly InputInsight[]): readonly string[] => {
  const idle = inputs.filter(({ isIdle, broadcast }) => isIdle && !broadcast);
  if (idle.length === 0) return [];
  // A partition of which others still write is named with the one that does not.
  const isWhole = ({ topic, partition }: InputInsight): boolean =>
    inputs.every((other) => other.topic !== topic || other.partition !== partition || other.isIdle);
  const names = new Set(
    idle.map((input) => {
      const place = `${input.topic}/${input.partition}`;
      return isWhole(input) ? place : `${place} from ${input.producer}`;
    }),
  );
  return [`Idle, and so holding nothing back: ${[...names].join(', ')}.`];
};

const nameOf = ({ topic, partition, producer }: InputInsight): string => `${topic}/${partition} ${producer}`;

const count = (n: number, word: string, many = `${word}s`): string => `${n} ${n === 1 ? word : many}`;

const instant = (at: number): string =>
  at === -Infinity
    ? 'the beginning'
    : at === Infinity
      ? 'the end'
      : new Date(at).toISOString().slice(0, 19) + 'Z';

/** 4_200 → 4 s, 5_400_000 → 90 min, 90_000_000 → 25.0 h. */
const span = (ms: number): string => {
  const sec = ms / 1_000;
  if (sec < 90) return `${Math.round(sec)} s`;
  return sec < 7_200 ? `${Math.round(sec / 60)} min` : `${(sec / 3_600).toFixed(1)} h`;
};
