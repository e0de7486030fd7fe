import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { namesOfEvent } from '../../pipelines/identify.ts';
import { dispatches, names, raw } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { LineLog, LogRecord, NewRecord } from '../log/log.ts';
import { deadLettersIn } from './dead-letters.ts';

/** What became of a letter that was to be played again. */
export interface Replayed {
  readonly id: string;
  /** `again`: it had been played before, and nothing was written. */
  readonly result: 'played' | 'again' | 'refused';
  /** Where it lies now, or why it is refused. */
  readonly detail: string;
}

type WritableLog = Pick<LineLog, 'partitionsOf' | 'partitionFor' | 'begin' | 'end' | 'read' | 'append'>;

/**
 * Puts records of dead letters back into the topics that they came from. Each keeps its event time and is heard anew:
 * what that makes late is late. Guarantee: a letter is played once, however often it is asked for, as long as the log
 * remembers; the header `repeats` says which letter a record is.
 */
export const replayLetters = async (
  log: WritableLog,
  wanted: { readonly ids: readonly string[] } | { readonly step: string },
): Promise<readonly Replayed[]> => {
  const letters = deadLettersIn(log);
  const found = 'step' in wanted ? await letters.ofStep(wanted.step) : await letters.findAll(wanted.ids);
  const done: Replayed[] = [];
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const some = await Promise.all(found.slice(at, at + AT_ONCE).map((letter) => prepared(log, letter)));
    // Handed to the log in the order of the letters, and written together.
    done.push(...(await Promise.all(some.map((one) => played(log, one)))));
  }
  return done;
};

const AT_ONCE = 200;

interface Prepared {
  readonly id: string;
  readonly found: Found | ForewarnError;
}

/** The record of a letter as it was written first; `others` are those of the same event under its other names. */
interface Found {
  readonly topic: string;
  readonly record: NewRecord;
  readonly others?: readonly NewRecord[];
}

const prepared = async (log: WritableLog, letter: DeadLetter): Promise<Prepared> => {
  try {
    return { id: letter.id, found: await recordOf(log, letter) };
  } catch (error) {
    if (!(error instanceof ForewarnError) || error.code !== 'FW409') throw error;
    return { id: letter.id, found: error };
  }
};

const played = async (log: WritableLog, { id, found }: Prepared): Promise<Replayed> => {
  if (found instanceof ForewarnError) return { id, result: 'refused', detail: found.message };
  const { topic, record, others = [] } = found;
  const headers = { ...record.headers, repeats: id };
  await Promise.all(
    others.map((other, index) =>
      log.append(
        topic,
        { ...other, headers: { ...other.headers, repeats: id } },
        { documentId: `dlq:${id}:${index + 1}` },
      ),
    ),
  );
  const appended = await log.append(topic, { ...record, headers }, { documentId: `dlq:${id}` });
  return {
    id,
    result: appended.duplicate ? 'again' : 'played',
    detail: `${topic}/${appended.partition}@${appended.offset}`,
  };
};

const recordOf = async (log: WritableLog, letter: DeadLetter): Promise<Found> => {
  const origin = letter.origin ?? null;
  if (origin === null) throw refused(letter, 'it does not say which record it came from');
  const { topic } = origin;
  if (topic.startsWith('kafka:'))
    throw refused(letter, 'it never came into the log; mend it where it comes from, and send it again there');
  if (topic === dispatches.name)
    throw refused(
      letter,
      'its action has its result, and no action is begun twice; tell whom it concerns by hand',
    );
  if (topic === raw.name && origin.contentType !== 'application/edi-x12' && origin.key !== null) {
    // The letter has its own record; the others of its document went on.
    const headers = { source: letter.feed, contentType: origin.contentType ?? '', via: 'dlq' };
    return { topic, record: { key: origin.key, value: Buffer.from(letter.bytes, 'base64'), headers } };
  }
  if (topic === names.name && origin.offset === null && origin.key !== null) {
    const event = JSON.parse(Buffer.from(letter.bytes, 'base64').toString()) as TrackingEvent;
    const [record, ...others] = namesOfEvent(event).map((row) => ({
      key: row.name,
      value: names.write(row, event.at),
    }));
    return { topic, record: record!, others };
  }
  const first = await firstRecord(log, letter);
  const { documentId: _, ...headers } = first.headers;
  return { topic, record: { key: first.key, value: first.value, headers } };
};

/** An interchange and its like are whole or nothing: the record is read where it lies. */
const firstRecord = async (log: WritableLog, letter: DeadLetter): Promise<LogRecord> => {
  const { topic, offset, key, partition } = letter.origin!;
  const place = partition ?? (key === null ? null : log.partitionFor(topic, key));
  if (place === null || offset === null) throw refused(letter, 'it does not say which record it came from');
  const [record] = offset < log.begin(topic, place) ? [] : await log.read(topic, place, offset, 1);
  if (record?.offset !== offset) {
    throw refused(letter, `${topic}/${place}@${offset} is not in the log any more; send the document again`);
  }
  return record;
};

const refused = ({ id }: DeadLetter, why: string): ForewarnError =>
  new ForewarnError('FW409', `dead letter "${id}" cannot be played again: ${why}`);
