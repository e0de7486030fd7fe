import type { DeadLetter } from '../domain/dead-letter.ts';
import { identifierKey } from '../domain/event.ts';
import {
  eventsFor,
  findingOf,
  type NameAnswer,
  nothingSought,
  search,
  type Search,
  type Sought,
} from '../domain/find-shipment.ts';
import { claimOf } from '../domain/plan-claim.ts';
import { followMerges, type PlanMerge } from '../domain/plan-merge.ts';
import {
  answered,
  isNew,
  isShared,
  type NameState,
  rankOf,
  shipmentsAt,
  unknownName,
  withAsking,
  withClaim,
  withGivenUp,
  withSeen,
} from '../domain/resolve-name.ts';
import type { IdentityFinding } from '../domain/identity-finding.ts';
import type { Rules } from '../domain/rules.ts';
import { stableId } from '../domain/stable-id.ts';
import { categoryOf } from '../domain/taxonomy.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { flatMap } from '../operators/flat-map.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import type { Flow, Output } from '../runtime/flow.ts';
import type { Decoded } from '../sources/decoders/decoder.ts';
import { mergesTable } from './merges-table.ts';
import { rulesNow, rulesTable } from './rules-table.ts';
import { deadLetters, identityFindings, type Named, names, type RulesInForce, tracking } from './topics.ts';

export interface IdentifyOptions {
  readonly rules: Flow<RulesInForce>;
  readonly merges: Flow<PlanMerge>;
  readonly atStart: Rules;
  /** How long an event waits for a plan that claims one of its names. */
  readonly patienceMs: number;
  readonly codeVersion: string;
}

const FORGET_MS = 120 * 86_400_000;
/** Names of one event that are asked. */
const NAMES_ASKED = 8;
const OWN = 'shipment:';

/**
 * Whose event it is. Every name of an event is asked for the shipments that claim it at the event's time; the best name
 * that knows one decides, and where the best of all does, without waiting for the others. An event of which no name is
 * claimed is held where its names meet, and goes on when a plan claims one of them. A shipment that was merged into another
 * is that one, and what that was merged into since, as far as has been heard. State: a name's claims and who asks; the
 * events that are held.
 */
export const identify = (
  named: Pick<Flow<Named>, 'repartition'>,
  { rules, merges, atStart, patienceMs, codeVersion }: IdentifyOptions,
): readonly Output[] => {
  const claims = keyedProcess('claims', {
    inputs: { named: named.repartition(names).keyBy('name') },
    tables: { merges: mergesTable(merges) },
    // A shipment's own id watches the one that it was merged into: who closes a loop is told to the one before.
    interests: { merges: ({ into }) => (into === undefined ? [] : [into]) },
    emits: rowsOf<Asked>(),
    initial: unknownName,
    on: {
      named: (row, context) => {
        const { claim, asked } = row;
        if (claim !== null) claimed(row, claim, context);
        else if (asked !== null) ask(row, asked, context.now + patienceMs, context);
        context.timer('forget', context.now + FORGET_MS);
      },
    },
    onTable: {
      merges: (merge, context) => {
        const { loop } = followMerges(merge.shipmentId, mergeIn(context));
        // What comes into a loop closes it. Of those that watch it only one is a part of it.
        const isPart = loop.some(({ shipmentId }) => `${OWN}${shipmentId}` === context.key);
        const isOfLoop = loop.some(({ planId }) => planId === merge.planId);
        if (isPart && isOfLoop) context.emit({ ...nothingAsked, findings: [loopOf(loop)] });
      },
    },
    onTimer: (timer, context) => {
      if (timer === 'forget') context.drop();
      else keep(withGivenUp(context.state, context.now), context);
    },
  });

  const sought = keyedProcess('find-shipment', {
    inputs: {
      answers: claims
        .through(flatMap(({ answer }: Asked) => (answer === null ? [] : [answer])))
        .rekey('by-event', 'eventId'),
    },
    tables: { rules: rulesTable(rules) },
    emits: rowsOf<Found>(),
    initial: nothingSought,
    on: {
      answers: (answer, context) => {
        const { taxonomy } = rulesNow(context, atStart);
        const found = search(context.state, answer, {
          now: context.now,
          isGrave: (category) => categoryOf(taxonomy, category)?.grave === true,
        });
        if (found.sought === null) context.drop();
        else {
          if (!context.state.isHeld) context.timer('patience', context.now + patienceMs);
          context.set(found.sought);
        }
        context.emit({ ...found, letter: null });
      },
    },
    onTimer: (_, context) => {
      const given = context.state;
      const { event } = given;
      context.drop();
      if (event === null) return;
      context.emit({
        events: [],
        findings: [findingOf('given_up', event, given, [], context.now)],
        letter: orphan(event, given, context.now, codeVersion),
      });
    },
  });

  const atOnce = claims.through(flatMap(({ events }: Asked) => events));
  return [
    atOnce.to(tracking),
    sought.through(flatMap(({ events }: Found) => events)).to(tracking),
    claims.through(flatMap(({ findings }: Asked) => findings)).to(identityFindings),
    sought.through(flatMap(({ findings }: Found) => findings)).to(identityFindings),
    sought.through(flatMap(({ letter }: Found) => (letter === null ? [] : [letter]))).to(deadLetters),
  ];
};

interface Asked {
  readonly events: readonly TrackingEvent[];
  readonly answer: NameAnswer | null;
  readonly findings: readonly IdentityFinding[];
}
const nothingAsked: Asked = { events: [], answer: null, findings: [] };
type Found = Pick<Search, 'events' | 'findings'> & { readonly letter: DeadLetter | null };

interface Context {
  readonly now: number;
  readonly state: NameState;
  readonly set: (state: NameState) => void;
  readonly emit: (row: Asked) => void;
  readonly timer: (name: string, at: number | null) => void;
  readonly lookup: (table: 'merges', key: string) => PlanMerge | undefined;
}

const mergeIn =
  ({ lookup }: Pick<Context, 'lookup'>) =>
  (shipmentId: string): PlanMerge | undefined =>
    lookup('merges', shipmentId);

/** Each as what it goes on as, once. */
const asMerged = (shipmentIds: readonly string[], context: Context): readonly string[] => [
  ...new Set(shipmentIds.map((one) => followMerges(one, mergeIn(context)).shipmentId)),
];

/** Keeps a name's state, and looks again when the first of those that ask is given up. */
const keep = (state: NameState, context: Context): void => {
  context.set(state);
  const { asking } = state;
  context.timer('patience', asking.length === 0 ? null : Math.min(...asking.map(({ until }) => until)));
};

const claimed = ({ name, into }: Named, claim: NonNullable<Named['claim']>, context: Context): void => {
  const known = new Set(context.state.claims.map(({ shipmentId }) => shipmentId));
  const { state, found } = answered(withClaim(context.state, name, claim), name);
  const { into: _, ...rest } = state;
  keep((into ?? null) === null ? rest : { ...rest, into: into! }, context);
  for (const { eventId, at, index } of found) {
    const shipmentIds = asMerged(shipmentsAt(name, state.claims, at), context);
    const answer = { eventId, name, index, of: 0, event: null, shipmentIds, isShared: isShared(name) };
    context.emit({ ...nothingAsked, answer: { ...answer, when: 'later', isDone: false } });
  }
  if (known.has(claim.shipmentId)) return;
  // What was told of the container before this house shipment was known to ride in it.
  const waiting = new Set(found.map(({ eventId }) => eventId));
  for (const event of state.recent) {
    if (waiting.has(event.id)) continue;
    const shipmentIds = shipmentsAt(name, state.claims, event.at).filter((one) => one === claim.shipmentId);
    context.emit({
      ...nothingAsked,
      events: eventsFor(event, { shipmentIds: asMerged(shipmentIds, context), isShared: true }),
    });
  }
};

const ask = (
  { name, event, at }: Named,
  { eventId, index, of }: NonNullable<Named['asked']>,
  until: number,
  context: Context,
): void => {
  const shared = isShared(name);
  const isRepeated = index === 0 && !isNew(context.state, eventId);
  const shipmentIds = isRepeated ? [] : asMerged(meant(name, context.state, at), context);
  const isDone = index === 0 && (isRepeated || shipmentIds.length > 0);
  const state = event === null || isRepeated ? context.state : withSeen(context.state, name, event);
  if (shipmentIds.length > 0 || isRepeated) keep(state, context);
  else keep(withAsking(state, { eventId, at, index, until }), context);
  const events =
    isDone && event !== null && !isRepeated ? eventsFor(event, { shipmentIds, isShared: shared }) : [];
  const answer: NameAnswer | null =
    of === 1 && isDone
      ? null
      : {
          eventId,
          name,
          index,
          of,
          event: isRepeated ? null : event,
          shipmentIds,
          isShared: shared,
          when: 'asked',
          isDone,
        };
  context.emit({ ...nothingAsked, events, answer });
};

/** A shipment's own id means that shipment, whether or not its plan is known. */
const meant = (name: string, { claims }: NameState, at: number): readonly string[] =>
  name.startsWith(OWN) ? [name.slice(OWN.length)] : shipmentsAt(name, claims, at);

/** Names that a plan claims, or that an event goes by. */
export const namesIn = (part: Decoded): readonly Named[] => {
  if (part.type === 'plan') {
    const { at, identifiers, shipmentId, mergedInto } = part.value;
    const claim = claimOf(part.value);
    const own = `${OWN}${shipmentId}`;
    const all = new Set([own, ...identifiers.map(identifierKey)]);
    return [...all].map((name) => ({
      name,
      at,
      claim,
      into: name === own ? mergedInto : null,
      asked: null,
      event: null,
    }));
  }
  return part.type === 'tracking' ? namesOfEvent(part.value) : [];
};

/** Its shipment's own id, or its identifiers with the best first. */
export const namesOfEvent = (event: TrackingEvent): readonly Named[] => {
  const all = eventNames(event);
  return all.map((name, index) => ({
    name,
    at: event.at,
    claim: null,
    into: null,
    asked: { eventId: event.id, index, of: all.length },
    event: index === 0 ? event : null,
  }));
};

const eventNames = ({ id, shipmentId, identifiers }: TrackingEvent): readonly string[] => {
  if (shipmentId !== null) return [`${OWN}${shipmentId}`];
  const all = [...new Set(identifiers.map(identifierKey))];
  // Without any name it is held like one that nobody knows, by itself.
  if (all.length === 0) return [`none:${id}`];
  return all.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, NAMES_ASKED);
};

const loopOf = (loop: readonly PlanMerge[]): IdentityFinding => {
  const { planId, at, heardAt, feed } = loop[0]!;
  const shipmentIds = loop.map(({ shipmentId }) => shipmentId);
  return {
    id: stableId('identity', planId, 'merge_loop'),
    at,
    heardAt,
    what: 'merge_loop',
    eventId: planId,
    feed,
    carrier: null,
    status: 'information',
    category: null,
    code: null,
    cause: 'none',
    names: shipmentIds.map((one) => `${OWN}${one}`),
    shipmentIds,
  };
};

const orphan = (event: TrackingEvent, { said, of }: Sought, now: number, codeVersion: string): DeadLetter => {
  const all = Array.from({ length: of }, (_, index) => said[index]?.name ?? '');
  return {
    id: stableId('dead-letter', 'orphan', event.id, all[0] ?? ''),
    at: event.at,
    heardAt: now,
    stage: 'operator',
    feed: event.source.feed,
    document: event.source.document,
    position: event.source.position,
    step: 'find-shipment',
    code: 'FW406',
    reason: `no plan claims ${all.join(', ')}`,
    bytes: Buffer.from(JSON.stringify(event)).toString('base64'),
    codeVersion,
    origin: { topic: names.name, partition: null, offset: null, key: all[0] ?? '', contentType: null },
  };
};
