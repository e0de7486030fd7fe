import { join } from 'node:path';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import { feedHistory, recordOf } from '../../cli/feed-history.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import type { Rules } from '../../domain/rules.ts';
import { feeds } from '../../pipelines/feeds.ts';
import { normalise } from '../../pipelines/normalise.ts';
import { resolve } from '../../pipelines/resolve.ts';
import { rhythm } from '../../pipelines/rhythm.ts';
import { exceptions, partitionsByTopic } from '../../pipelines/topics.ts';
import { watch } from '../../pipelines/watch.ts';
import { wallClock, wallTimers } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { codeVersion } from '../../runtime/package-root.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { letterOfFailure } from '../../runtime/wire/pipelines.ts';
import { decode } from '../../sources/decoders/decode.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';

export interface DetectionLine {
  readonly rules: Rules;
  readonly decoding: DecoderSettings;
}

/**
 * The line without the model, the messages and the sums: what `watch` and `feeds` find by themselves, as exceptions. Every
 * version of each, in the order of the log.
 */
export const exceptionsFound = async (
  folder: string,
  documents: readonly RecordedDocument[],
  { rules, decoding }: DetectionLine,
): Promise<readonly ShipmentException[]> => {
  const log = await EmbeddedLog.open({
    folder: join(folder, 'log'),
    topics: partitionsByTopic(1),
    time: 'recorded',
  });
  let failure: { readonly error: unknown } | undefined;
  const engine = createEngine({
    pipelines: [
      normalise({
        decode: (document) => decode(document, decoding),
        rules,
        codeVersion,
        patienceMs: 2 * 86_400_000,
      }),
      feeds(rules),
      rhythm(),
      watch(rules),
      resolve(rules),
    ],
    log,
    stateFolder: join(folder, 'state'),
    services: {
      scorer: (model) => {
        throw new Error(`nothing is scored here, and ${model} was asked for`);
      },
      timers: wallTimers,
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: letterOfFailure,
    onError: (error) => {
      failure ??= { error };
    },
  });
  await engine.start();
  try {
    const settled = (): boolean => {
      if (failure !== undefined) throw failure.error;
      return engine.settled(log.closedUntil);
    };
    await feedHistory({ log, engine, settled }, documents.map(recordOf));
    const found: ShipmentException[] = [];
    for await (const row of rowsOf(log, exceptions)) found.push(row);
    return found;
  } finally {
    await engine.stop();
    await log.close();
  }
};
