import { inspect } from 'node:util';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import type { Rules } from '../../domain/rules.ts';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import { carriers } from '../../pipelines/carriers.ts';
import { causes } from '../../pipelines/causes.ts';
import { courtesy } from '../../pipelines/courtesy.ts';
import { feeds } from '../../pipelines/feeds.ts';
import { labels } from '../../pipelines/labels.ts';
import { normalise } from '../../pipelines/normalise.ts';
import { orders } from '../../pipelines/orders.ts';
import { portTraffic } from '../../pipelines/port-traffic.ts';
import { predict } from '../../pipelines/predict.ts';
import { resolve, type ResolveOptions } from '../../pipelines/resolve.ts';
import { deadLetters } from '../../pipelines/topics.ts';
import { rhythm } from '../../pipelines/rhythm.ts';
import { watch } from '../../pipelines/watch.ts';
import { decode } from '../../sources/decoders/decode.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import { durationMs } from '../duration.ts';
import { deadLetterId } from '../engine.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import type { RowFailure } from '../step.ts';
import { codeVersion } from '../package-root.ts';

export interface PipelineSettings {
  readonly decoding: DecoderSettings;
  /** How it is decoded once the log has told of rules of reading; left out, always as at the start. */
  readonly decodingUnder?: (rules: ReadingRules) => DecoderSettings;
  readonly rules: Rules;
  readonly patience: string;
  readonly model: string;
  readonly resolving?: ResolveOptions;
}

/** The pipelines that ship, in the order in which a record meets them. */
export const shippedPipelines = ({
  decoding,
  decodingUnder,
  rules,
  patience,
  model,
  resolving,
}: PipelineSettings): readonly Pipeline[] => [
  normalise({
    decode: (document, reading) =>
      decode(document, reading === undefined ? decoding : (decodingUnder?.(reading) ?? decoding)),
    codeVersion,
    rules,
    patienceMs: durationMs(patience),
  }),
  ...portTraffic(),
  feeds(rules),
  rhythm(),
  carriers(rules),
  watch(rules),
  predict(model, rules),
  orders(),
  resolve(rules, resolving),
  courtesy(rules),
  causes(),
  labels(),
];

/** A record as it came, or a row as JSON; in words where none can be made of it, for a letter must always be written. */
const bytesOf = (row: unknown): Buffer => {
  if (row instanceof Uint8Array) return Buffer.from(row);
  try {
    return Buffer.from(JSON.stringify(row) ?? '');
  } catch {
    return Buffer.from(inspect(row));
  }
};

/** The dead letter of a row that a step could not use: the row as JSON, where it was, and why. */
export const letterOfFailure = (
  { stage, row, heardAt, error, origin }: RowFailure,
  step: string,
  task: string,
) => {
  const bytes = bytesOf(row).toString('base64');
  const letter: DeadLetter = {
    id: deadLetterId(step, heardAt, bytes),
    at: heardAt,
    heardAt,
    stage,
    feed: task.slice(0, task.indexOf('/')),
    document: '',
    position: 0,
    step,
    code: error instanceof ForewarnError ? error.code : 'FW404',
    reason: error instanceof Error ? error.message : String(error),
    bytes,
    codeVersion,
    origin: origin === undefined ? null : { ...origin, key: null, contentType: null },
  };
  return { topic: deadLetters as never, row: letter };
};
