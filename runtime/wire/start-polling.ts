import { join } from 'node:path';
import { contentTypeOfFile, documentTypes, mediaType } from '../../sources/decoders/content-type.ts';
import { createPoller, type Poller } from '../../sources/poll/poller.ts';
import type { PollSettings } from '../config/poll-settings.ts';
import { durationMs } from '../duration.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';

export interface PollingOptions {
  readonly settings: Readonly<Record<string, PollSettings>>;
  /** Holds what each poller remembers. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly log: Pick<Log, 'append'>;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
}

/** Starts a poller for each source that has one; the answer stops them all. */
export const startPolling = (options: PollingOptions): (() => Promise<void>) => {
  const { folder, maxBytes, log, metrics, note } = options;
  const pollers = Object.entries(options.settings).map(([source, settings]): Poller => {
    metrics.polling(source);
    return createPoller({
      source,
      url: settings.url,
      headers: settings.headers,
      everyMs: durationMs(settings.every),
      timeoutMs: durationMs(settings.timeout),
      maxBytes,
      memory: join(folder, `${source}.json`),
      log,
      contentTypeOf: (said, bytes) => settings.contentType ?? labelOf(said, bytes),
      onResult: (result, bytes) => {
        metrics.polled(source, result);
        if (result !== 'taken') return;
        metrics.documentIn(source, 'accepted');
        metrics.bytesIn(bytes);
      },
      onProblem: (error) => note(`poll ${source}: ${error instanceof Error ? error.message : String(error)}`),
    });
  });
  pollers.forEach((poller) => poller.start());
  return async () => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  };
};

/** What the server says where we know it, else what the content tells, else what the server says, so that the dead letter shows it. */
const labelOf = (said: string, bytes: Uint8Array): string => {
  const label = mediaType(said);
  return documentTypes.includes(label) ? label : (contentTypeOfFile('', bytes) ?? label);
};
