import { raw } from '../pipelines/topics.ts';
import type { HistoryRecord } from '../runtime/wire/history.ts';
import type { Forewarn } from '../runtime/wire/start-forewarn.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';

/** A record with the sender's id under which the log knows it again. */
export interface FedRecord extends HistoryRecord {
  readonly documentId?: string;
}

const encoder = new TextEncoder();
const AT_ONCE = 500;
/** Documents that may wait to be decoded while more are fed. */
const AHEAD = 5_000;

/** Nobody waits for recorded input, and a time-out would leave it to chance which scores are the model's. */
export const SCORE_WITHIN_MS = 60_000;

export const recordOf = ({
  source,
  contentType,
  documentId,
  heardAt,
  text,
}: RecordedDocument): FedRecord => ({
  topic: raw.name,
  heardAt,
  key: source,
  headers: { source, contentType, via: 'replay' },
  value: encoder.encode(text),
  documentId: `${source}/${documentId}`,
});

/**
 * Feeds records into the log, with the time at which they were heard then, lets time go on to `quietUntil`, and waits until
 * all is done.
 */
export const feedHistory = async (
  { log, engine, settled }: Pick<Forewarn, 'log' | 'engine' | 'settled'>,
  records: AsyncIterable<FedRecord> | Iterable<FedRecord>,
  quietUntil: number | null = null,
): Promise<number> => {
  let count = 0;
  let pending: Promise<unknown>[] = [];
  for await (const { topic, heardAt, key, headers, value, documentId = headers['documentId'] } of records) {
    const options = { heardAt, ...(documentId === undefined ? {} : { documentId }) };
    pending.push(log.append(topic, { key, value, headers }, options));
    count += 1;
    if (pending.length < AT_ONCE) continue;
    await Promise.all(pending);
    pending = [];
    // A line that has failed says so when it is asked whether it is settled.
    await until(() => settled() || engine.lagOf('normalise-1') < AHEAD);
  }
  await Promise.all(pending);
  await until(settled);
  const goOn = async (to: number): Promise<void> => {
    await log.goOn(to);
    await until(settled);
  };
  if (quietUntil !== null && quietUntil > log.closedUntil) await goOn(quietUntil);
  // Recorded time ends with its last record, and what that makes so many keys do by shares comes after it.
  while (engine.sharesWait) await goOn(log.closedUntil + 1);
  return count;
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
