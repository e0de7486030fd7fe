import type { Config } from '../runtime/config/config.ts';
import { type Forewarn, startForewarn } from '../runtime/wire/start-forewarn.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';

const encoder = new TextEncoder();
const AHEAD = 5_000;

/** Feeds recorded documents into the log, with the time at which they were heard then, and waits until all is done. */
export const feed = async (
  line: Pick<Forewarn, 'log' | 'engine' | 'settled'>,
  documents: AsyncIterable<RecordedDocument> | Iterable<RecordedDocument>,
): Promise<number> => {
  const { log } = line;
  let count = 0;
  let pending: Promise<unknown>[] = [];
  for await (const { source, contentType, documentId, heardAt, text } of documents) {
    const headers = { source, contentType, via: 'replay' };
    pending.push(
      log.append(
        'raw',
        { key: source, value: encoder.encode(text), headers },
        { documentId: `${source}/${documentId}`, heardAt },
      ),
    );
    count += 1;
    if (pending.length < 500) continue;
    await Promise.all(pending);
    pending = [];
    // A line that has failed says so when it is asked whether it is settled.
    await until(() => line.settled() || line.engine.lagOf('normalise-1') < AHEAD);
  }
  await Promise.all(pending);
  await until(() => line.settled());
  return count;
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Nobody waits for recorded input, and a time-out would leave it to chance which scores are the model's. */
const SCORE_WITHIN_MS = 60_000;

/** The whole line for recorded input: log time is the input's, actions are decided and none goes out. */
export const startRecorded = (config: Config, dataFolder: string): Promise<Forewarn> =>
  startForewarn({
    config: {
      ...config,
      dataFolder,
      log: { ...config.log, time: 'recorded' },
      sources: { http: false },
      http: { ...config.http, port: 0 },
      models: { ...config.models, timeoutMs: SCORE_WITHIN_MS },
    },
    environment: process.env,
    sendsActions: false,
    note: (line) => console.error(line),
    onFailure: (error) => {
      throw error;
    },
  });
