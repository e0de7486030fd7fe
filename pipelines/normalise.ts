import type { DeadLetter } from '../domain/dead-letter.ts';
import type { FeedBeat } from '../domain/feed-state.ts';
import type { Rules } from '../domain/rules.ts';
import { stableId } from '../domain/stable-id.ts';
import { flatMap } from '../operators/flat-map.ts';
import { pipeline } from '../runtime/pipeline.ts';
import type { Decoded, RawDocument } from '../sources/decoders/decoder.ts';
import { map } from '../operators/map.ts';
import { identify, namesIn } from './identify.ts';
import {
  acknowledgements,
  allocations,
  contracts,
  deadLetters,
  directories,
  ediFindings,
  feedBeats,
  inquiries,
  orders,
  plans,
  ports,
  raw,
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
  readonly decode: (document: RawDocument) => readonly Decoded[];
  /** Until the log tells of others: they say what is so grave that it cannot wait for its plan. */
  readonly rules: Rules;
  readonly codeVersion: string;
  /** How long an event waits for a plan that claims its name. */
  readonly patienceMs: number;
}

type Part = { readonly document: RawDocument; readonly part: Decoded };

/**
 * Raw documents become canonical events. First each document is decoded on its own; then events meet the plans that
 * claim their names, so that an event finds its shipment whichever of the two came first.
 */
export const normalise = ({ decode, rules: atStart, codeVersion, patienceMs }: NormaliseSettings) =>
  pipeline('normalise', { from: { raw, rules: rulesInForce } }, (from) => {
    const documents = from.raw.through(map((document) => ({ document, decoded: decode(document) })));
    const parts = documents.through(
      flatMap(({ document, decoded }): readonly Part[] => decoded.map((part) => ({ document, part }))),
    );
    const only = <T extends Decoded['type']>(type: T) =>
      flatMap(({ part }: Part) =>
        part.type === type ? [(part as Extract<Decoded, { type: T; value: unknown }>).value] : [],
      );

    const planned = parts.through(only('plan'));
    const named = parts.through(flatMap(({ part }: Part) => namesIn(part)));
    const identified = identify(named, { rules: from.rules, atStart, patienceMs, codeVersion });
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

/** A document of which nothing can be used is no sign that its feed is well. */
const beatOf = ({
  document: { source, heardAt },
  decoded,
}: {
  readonly document: RawDocument;
  readonly decoded: readonly Decoded[];
}): readonly FeedBeat[] => {
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
