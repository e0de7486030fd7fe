import type { Rules } from '../../domain/rules.ts';
import { predictableIn } from '../../domain/taxonomy.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';
import { isNumberLost } from '../log/number-lost.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ChannelSurroundings } from './channels.ts';
import type { DataFolder } from './data-folder.ts';
import type { Ends } from './ends.ts';
import { startLearning } from './learning/start-learning.ts';
import type { ModelsControl } from './models-in-force.ts';
import type { Reviews } from './reviews.ts';
import { type DestinationSettings, startOutbox, type Outbox } from './start-outbox.ts';
import { startPolling } from './start-polling.ts';
import { heardBefore, scheduleReviews } from './start-reviews.ts';
import type { Scoring } from './start-scoring.ts';
import type { Storage } from './start-storage.ts';

export interface LeadParts {
  readonly config: Config;
  readonly data: Pick<DataFolder, 'in'>;
  readonly log: LineLog;
  readonly engine: Pick<Engine, 'producers'>;
  readonly storage: Storage;
  readonly scoring: Scoring;
  readonly reviews: Reviews;
  readonly rules: Rules;
  readonly rulesFolder: string;
  readonly destinations: DestinationSettings;
  readonly decoding: DecoderSettings;
  readonly messages: ChannelSurroundings;
  readonly metrics: Metrics;
  readonly sendsActions: boolean;
  /** Undefined where time is recorded: then the models do not change. */
  readonly models: () => ModelsControl | undefined;
  /** The dispatcher that runs now. */
  readonly dispatches: (outbox: Outbox | undefined) => void;
  readonly note: (line: string) => void;
  /** The line cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

/** What one process of a line does for all of it: sends actions, reads and asks for what comes in, learns, writes reviews. */
export const startLead = async (parts: LeadParts, ends: Ends): Promise<void> => {
  const { config, data, log, engine, storage, scoring, rules, metrics, note } = parts;
  if (parts.sendsActions) {
    const { rulesFolder, destinations, decoding, messages } = parts;
    const outbox = await startOutbox({
      log,
      rules,
      rulesFolder,
      destinations,
      sources: config.partners,
      decoding,
      messages,
      metrics,
      note,
      onFailure: (error) => {
        // Whoever stops it then is on the way.
        if (!isNumberLost(error)) parts.onFailure(error);
      },
    });
    parts.dispatches(outbox);
    ends.push(async (hurry) => {
      await (hurry === true ? outbox.stop() : outbox.drain(2_000));
      parts.dispatches(undefined);
      log.hold('outbox', new Map());
    });
  }
  const { maxDocumentBytes: maxBytes } = config.http;
  if (config.sources.poll !== undefined)
    ends.push(
      startPolling({
        settings: config.sources.poll,
        folder: data.in('poll'),
        maxBytes,
        log,
        metrics,
        note,
      }),
    );
  const decided = (at: number): boolean => engine.producers.every((name) => log.frontier(name) >= at);
  const tablesFilled = (): Promise<void> => storage.mirror.drain();
  const control = parts.models();
  if (control !== undefined) {
    const learning = startLearning({
      log,
      control,
      client: storage.client,
      file: data.in('learning.json'),
      settings: config.models,
      decided,
      tablesFilled,
      takeTimes: () => scoring.takeTimes(),
      predictable: () => predictableIn(rules.taxonomy),
      note,
    });
    ends.push(() => learning.stop());
  }
  const schedule = scheduleReviews({
    reviews: parts.reviews,
    log,
    decided,
    tablesFilled,
    heardBefore: heardBefore(storage.client),
    onError: (error) => note(`review: ${error instanceof Error ? error.message : String(error)}`),
  });
  ends.push(() => schedule.stop());
};
