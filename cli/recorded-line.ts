import type { Config } from '../runtime/config/config.ts';
import { type Forewarn, startForewarn } from '../runtime/wire/start-forewarn.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { type FedRecord, feedHistory, recordOf, SCORE_WITHIN_MS } from './feed-history.ts';

/** Feeds recorded documents into the log, with the time at which they were heard then, and waits until all is done. */
export const feed = (
  line: Pick<Forewarn, 'log' | 'engine' | 'settled'>,
  documents: AsyncIterable<RecordedDocument> | Iterable<RecordedDocument>,
): Promise<number> => feedHistory(line, recordsOf(documents));

async function* recordsOf(
  documents: AsyncIterable<RecordedDocument> | Iterable<RecordedDocument>,
): AsyncGenerator<FedRecord> {
  for await (const document of documents) yield recordOf(document);
}

/** The whole line for recorded input: log time is the input's, actions are decided and none goes out. */
export const startRecorded = (
  config: Config,
  dataFolder: string,
  { learns = false }: { readonly learns?: boolean } = {},
): Promise<Forewarn> => {
  // Wherever the line has its log, what is only tried out has one of its own.
  const { kafka: _, ...log } = config.log;
  return startForewarn({
    config: {
      ...config,
      dataFolder,
      log: { ...log, time: 'recorded' },
      sources: { http: false },
      http: { ...config.http, port: 0 },
      models: { ...config.models, timeoutMs: SCORE_WITHIN_MS },
    },
    models: modelsOf(config),
    environment: process.env,
    sendsActions: false,
    learns,
    note: (line) => console.error(line),
    onFailure: (error) => {
      throw error;
    },
  });
};
