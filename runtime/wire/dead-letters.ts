import { z } from 'zod';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import { deadLetters } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { LineLog } from '../log/log.ts';

export const deadLetterQuery = z.strictObject({
  step: z.string().optional(),
  code: z.string().optional(),
  /** Log time, milliseconds. */
  since: z.coerce.number().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(50),
});
export type DeadLetterQuery = z.infer<typeof deadLetterQuery>;

/** What a list shows of a letter. */
export type DeadLetterLine = Pick<
  DeadLetter,
  'id' | 'at' | 'heardAt' | 'stage' | 'feed' | 'document' | 'position' | 'step' | 'code' | 'reason'
>;

export interface DeadLetters {
  /** The latest first. */
  list(query: DeadLetterQuery): Promise<readonly DeadLetterLine[]>;
  /** FW408 when the log has none of this id; the first characters are enough where they mean one. */
  find(id: string): Promise<DeadLetter>;
  /** The same of many, in their order. */
  findAll(ids: readonly string[]): Promise<readonly DeadLetter[]>;
  /** Every letter of a step, the oldest first. */
  ofStep(step: string): Promise<readonly DeadLetter[]>;
}

type ReadableLog = Pick<LineLog, 'partitionsOf' | 'begin' | 'end' | 'read'>;

/** The dead letters that the log still has; older ones are in the table `dead_letters` alone. */
export const deadLettersIn = (log: ReadableLog): DeadLetters => ({
  list: async ({ step, code, since = -Infinity, limit }) => {
    const found: DeadLetterLine[] = [];
    for await (const letter of latestFirst(log)) {
      if (found.length >= limit) break;
      if (letter.heardAt < since) continue;
      if (step !== undefined && letter.step !== step) continue;
      if (code !== undefined && letter.code !== code) continue;
      found.push(lineOf(letter));
    }
    return found;
  },
  find: async (id) => (await findAll(log, [id]))[0]!,
  findAll: (ids) => findAll(log, ids),
  ofStep: async (step) => {
    const found: DeadLetter[] = [];
    for await (const letter of latestFirst(log)) if (letter.step === step) found.push(letter);
    return found.reverse();
  },
});

const SHORTEST_ID = 6;

const findAll = async (log: ReadableLog, ids: readonly string[]): Promise<readonly DeadLetter[]> => {
  const whole = new Map<string, DeadLetter>();
  const begins = new Map<string, Map<string, DeadLetter>>(ids.map((id) => [id, new Map()]));
  const short = ids.filter((id) => id.length >= SHORTEST_ID && id.length < WHOLE_ID);
  for await (const letter of latestFirst(log)) {
    if (begins.has(letter.id)) whole.set(letter.id, letter);
    for (const id of short) if (letter.id.startsWith(id)) begins.get(id)!.set(letter.id, letter);
    if (whole.size === begins.size) break;
  }
  return ids.map((id) => whole.get(id) ?? onlyOne(id, [...begins.get(id)!.values()]));
};

/** Digits of a stable id. */
const WHOLE_ID = 32;

const onlyOne = (id: string, found: readonly DeadLetter[]): DeadLetter => {
  const [only, another] = found;
  if (another !== undefined)
    throw new ForewarnError('FW408', `dead letter "${id}": ${found.length} ids begin so; give more of it`);
  if (only !== undefined) return only;
  throw new ForewarnError(
    'FW408',
    `dead letter "${id}" is not in the log; list those that are with forewarn dlq list, older ones are in the table dead_letters`,
  );
};

/** Letters that are read at once, from the end backwards. */
const WINDOW = 500;

async function* latestFirst(log: ReadableLog): AsyncGenerator<DeadLetter> {
  for (let partition = 0; partition < log.partitionsOf(deadLetters.name); partition++) {
    const begin = log.begin(deadLetters.name, partition);
    for (let to = log.end(deadLetters.name, partition); to > begin;) {
      const from = Math.max(begin, to - WINDOW);
      const letters: DeadLetter[] = [];
      for (let offset = from; offset < to;) {
        const records = await log.read(deadLetters.name, partition, offset);
        const last = records.at(-1);
        if (last === undefined) break;
        for (const record of records) if (record.offset < to) letters.push(deadLetters.read(record));
        offset = last.offset + 1;
      }
      yield* letters.reverse();
      to = from;
    }
  }
}

const lineOf = ({ id, at, heardAt, stage, feed, document, position, step, code, reason }: DeadLetter) => ({
  id,
  at,
  heardAt,
  stage,
  feed,
  document,
  position,
  step,
  code,
  reason,
});
