import type { DeadLetter } from '../domain/dead-letter.ts';
import type { Rules } from '../domain/rules.ts';
import { stableId } from '../domain/stable-id.ts';
import { flatMap } from '../operators/flat-map.ts';
import { pipeline } from '../runtime/pipeline.ts';
import type { Decoded, RawDocument } from '../sources/decoders/decoder.ts';
import { identify, namesIn } from './identify.ts';
import {
  acknowledgements,
  allocations,
  contracts,
  deadLetters,
  directories,
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
    const parts = from.raw.through(
      flatMap((document): readonly Part[] => decode(document).map((part) => ({ document, part }))),
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
      ...identified,
    ];
  });

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
