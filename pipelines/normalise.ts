import type { DeadLetter } from '../domain/dead-letter.ts';
import { type Identifier, identifierKey, identifierKinds } from '../domain/event.ts';
import {
  isNew,
  type NameState,
  shipmentAt,
  unknownName,
  withClaim,
  withGivenUp,
  withSeen,
} from '../domain/resolve-name.ts';
import { stableId } from '../domain/stable-id.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import type { Decoded, RawDocument } from '../sources/decoders/decoder.ts';
import {
  acknowledgements,
  allocations,
  contracts,
  deadLetters,
  directories,
  inquiries,
  type Named,
  names,
  orders,
  plans,
  ports,
  raw,
  tracking,
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
  readonly codeVersion: string;
  /** How long an event waits for a plan that claims its name. */
  readonly patienceMs: number;
}

type Part = { readonly document: RawDocument; readonly part: Decoded };

/**
 * Raw documents become canonical events. First each document is decoded on its own; then events meet the plans that
 * claim their names, one name at a time, so that an event finds its shipment whichever of the two came first.
 */
export const normalise = ({ decode, codeVersion, patienceMs }: NormaliseSettings) =>
  pipeline('normalise', { from: { raw } }, ({ raw: documents }) => {
    const parts = documents.through(
      flatMap((document): readonly Part[] => decode(document).map((part) => ({ document, part }))),
    );
    const only = <T extends Decoded['type']>(type: T) =>
      flatMap(({ part }: Part) =>
        part.type === type ? [(part as Extract<Decoded, { type: T; value: unknown }>).value] : [],
      );

    const planned = parts.through(only('plan'));
    const byName = parts
      .through(flatMap(({ part }: Part) => namesIn(part)))
      .repartition(names)
      .keyBy('name');
    const found = keyedProcess('find-shipment', {
      inputs: { named: byName },
      emits: rowsOf<Found>(),
      initial: unknownName,
      on: {
        named: ({ name, claim, event }, context) => {
          if (claim !== null) {
            const state = withClaim(context.state, claim);
            context.set({ ...state, waiting: [] });
            context.timer('patience', null);
            for (const held of state.waiting)
              context.emit({ event: identified(held, state, name), letter: null });
          } else if (event !== null && isNew(context.state, event)) {
            const state = withSeen(context.state, event);
            const known = identified(event, state, name);
            context.set(known.shipmentId === null ? { ...state, waiting: [...state.waiting, event] } : state);
            if (known.shipmentId === null) context.timer('patience', context.now + patienceMs);
            else context.emit({ event: known, letter: null });
          }
          context.timer('forget', context.now + FORGET_MS);
        },
      },
      onTimer: (timer, context) => {
        for (const event of context.state.waiting) {
          context.emit({ event: null, letter: orphan(event, context.key, context.now, codeVersion) });
        }
        if (timer === 'forget') context.drop();
        else context.set(withGivenUp(context.state));
      },
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
      found.through(flatMap(({ event }: Found) => (event === null ? [] : [event]))).to(tracking),
      found.through(flatMap(({ letter }: Found) => (letter === null ? [] : [letter]))).to(deadLetters),
    ];
  });

interface Found {
  readonly event: TrackingEvent | null;
  readonly letter: DeadLetter | null;
}

const FORGET_MS = 120 * 86_400_000;
const OWN = 'shipment:';

/** An event that names its shipment itself goes by that; others by the first identifier in the order of the kinds. */
const nameOf = (event: TrackingEvent): string => {
  if (event.shipmentId !== null) return `${OWN}${event.shipmentId}`;
  const best = [...event.identifiers].sort((a, b) => rank(a) - rank(b))[0];
  return best === undefined ? `${OWN}none` : identifierKey(best);
};
const rank = ({ kind }: Identifier): number => identifierKinds.indexOf(kind);

const namesIn = (part: Decoded): readonly Named[] => {
  switch (part.type) {
    case 'plan': {
      const { identifiers, shipmentId, at } = part.value;
      return identifiers.map((one) => ({
        name: identifierKey(one),
        at,
        claim: { shipmentId, from: at },
        event: null,
      }));
    }
    case 'tracking':
      return [{ name: nameOf(part.value), at: part.value.at, claim: null, event: part.value }];
    default:
      return [];
  }
};

const identified = (event: TrackingEvent, state: NameState, name: string): TrackingEvent =>
  event.shipmentId !== null || (name.startsWith(OWN) && name !== `${OWN}none`)
    ? event
    : { ...event, shipmentId: shipmentAt(state.claims, event.at) };

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

const orphan = (event: TrackingEvent, name: string, now: number, codeVersion: string): DeadLetter => ({
  id: stableId('dead-letter', 'orphan', event.id, name),
  at: event.at,
  heardAt: now,
  stage: 'operator',
  feed: event.source.feed,
  document: event.source.document,
  position: event.source.position,
  step: 'find-shipment',
  code: 'FW406',
  reason: `no plan claims ${name}`,
  bytes: Buffer.from(JSON.stringify(event)).toString('base64'),
  codeVersion,
  origin: { topic: names.name, partition: null, offset: null, key: name, contentType: null },
});
