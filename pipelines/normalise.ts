import type { DeadLetter } from '../domain/dead-letter.ts';
import type { FeedBeat } from '../domain/feed-state.ts';
import { isImported } from '../domain/history.ts';
import { mergeOf } from '../domain/plan-merge.ts';
import type { ReadingRules } from '../domain/reading-rules.ts';
import type { Rules } from '../domain/rules.ts';
import { stableId } from '../domain/stable-id.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import type { Decoded, RawDocument } from '../sources/decoders/decoder.ts';
import { identify, namesIn } from './identify.ts';
import { planMerges } from './merges-table.ts';
import { readingNow, rulesTable } from './rules-table.ts';
import {
  acknowledgements,
  allocations,
  contracts,
  deadLetters,
  directories,
  ediFindings,
  feedBeats,
  inquiries,
  merges,
  orders,
  plans,
  ports,
  raw,
  readingInForce,
  rulesInForce,
  weather,
  observations,
  roads,
  carrierUpdates,
  portCalls,
  vesselPositions,
  tmsChanges,
  outcomeReports,
} from './topics.ts';

export interface NormaliseSettings {
  /** As those rules say that are given; as those with which the pipeline was built where none are. */
  readonly decode: (document: RawDocument, rules: ReadingRules | undefined) => readonly Decoded[];
  /** Until the log tells of others: they say what is so grave that it cannot wait for its plan. */
  readonly rules: Rules;
  readonly codeVersion: string;
  /** How long an event waits for a plan that claims its name. */
  readonly patienceMs: number;
}

interface Document {
  readonly document: RawDocument;
  readonly decoded: readonly Decoded[];
}
type Part = { readonly document: RawDocument; readonly part: Decoded };

/**
 * Raw documents become canonical events. First each document is decoded on its own, by the rules of reading that are in
 * force at its place in the log, so that a replay reads it the same; then events meet the plans that claim their names, so
 * that an event finds its shipment whichever of the two came first. State of the decoding: those rules, and nothing by key.
 */
export const normalise = ({ decode, rules: atStart, codeVersion, patienceMs }: NormaliseSettings) =>
  pipeline('normalise', { from: { raw, rules: rulesInForce, reading: readingInForce } }, (from) => {
    const documents = keyedProcess('decode', {
      inputs: { raw: from.raw.keyBy((document) => raw.key(document)) },
      tables: { reading: rulesTable(from.reading) },
      emits: rowsOf<Document>(),
      initial: null,
      on: {
        raw: (document, context) =>
          context.emit({ document, decoded: decode(document, readingNow(context)) }),
      },
    });
    const parts = documents.through(
      flatMap(({ document, decoded }): readonly Part[] => decoded.map((part) => ({ document, part }))),
    );
    const only = <T extends Decoded['type']>(type: T) =>
      flatMap(({ part }: Part) =>
        part.type === type ? [(part as Extract<Decoded, { type: T; value: unknown }>).value] : [],
      );

    const planned = parts.through(only('plan'));
    const merged = planMerges(
      parts.through(flatMap(({ part }: Part) => (part.type === 'plan' ? [mergeOf(part.value)] : []))),
    );
    const named = parts.through(flatMap(({ part }: Part) => namesIn(part)));
    const identified = identify(named, {
      rules: from.rules,
      merges: merged.repartition(merges),
      atStart,
      patienceMs,
      codeVersion,
    });
    return [
      planned.to(plans),
      parts.through(only('contract')).to(contracts),
      parts.through(only('weather')).to(weather),
      parts.through(only('port')).to(ports),
      parts.through(only('order')).to(orders),
      parts.through(only('allocation')).to(allocations),
      parts.through(only('directory')).to(directories),
      parts.through(only('inquiry')).to(inquiries),
      parts.through(only('acknowledgement')).to(acknowledgements),
      parts.through(only('edi_finding')).to(ediFindings),
      parts.through(only('observation')).to(observations),
      parts.through(only('road')).to(roads),
      parts.through(only('carrier_update')).to(carrierUpdates),
      parts.through(only('port_call')).to(portCalls),
      parts.through(only('vessel')).to(vesselPositions),
      parts.through(only('tms_change')).to(tmsChanges),
      parts.through(only('outcome_report')).to(outcomeReports),
      parts
        .through(
          flatMap(({ document, part }: Part) =>
            part.type === 'failure' ? [letterOf(document, part, codeVersion)] : [],
          ),
        )
        .to(deadLetters),
      documents.through(flatMap(beatOf)).to(feedBeats),
      ...identified,
    ];
  });

/** A document of which nothing can be used is no sign that its feed is well, and history none of when it will send again. */
const beatOf = ({ document: { source, documentId, heardAt }, decoded }: Document): readonly FeedBeat[] => {
  if (isImported({ document: documentId })) return [];
  if (decoded.every(({ type }) => type === 'failure' || type === 'edi_finding')) return [];
  const carriers = new Set<string>();
  for (const part of decoded)
    if (part.type === 'tracking' && part.value.carrier !== null) carriers.add(part.value.carrier);
  return [{ feed: source, at: heardAt, carriers: [...carriers] }];
};

const letterOf = (
  document: RawDocument,
  failure: Extract<Decoded, { type: 'failure' }>,
  codeVersion: string,
): DeadLetter => ({
  id: stableId('dead-letter', document.source, document.documentId, failure.position, failure.code),
  at: document.heardAt,
  heardAt: document.heardAt,
  stage: failure.stage,
  feed: document.source,
  document: document.documentId,
  position: failure.position,
  step: 'decode',
  code: failure.code,
  reason: failure.reason,
  bytes: Buffer.from(failure.bytes).toString('base64'),
  codeVersion,
  origin: {
    topic: raw.name,
    partition: null,
    offset: document.offset ?? null,
    key: document.source,
    contentType: document.contentType,
  },
});
