import { nothingSaid } from './nothing-said.ts';
import { type CaseWork, moveException, putException } from './case-work.ts';
import { replan } from './case-actions.ts';
import { causeIdOf } from './cause-record.ts';
import { withEntry } from './entries.ts';
import type { ShipmentException } from './exception.ts';
import { isFeedSubject } from './detection/silent-feed.ts';
import { downstreamOf } from './impact.ts';
import { judgeException, ruleFor } from './judge-exception.ts';
import { liveExceptionStates } from './lifecycle.ts';
import { sameStory, saysMore } from './same-story.ts';
import { endOf, entryOf } from './shipment-case.ts';
import type { Evidence, Signal } from './signal.ts';
import { calendarFor } from './sla.ts';
import { stableId } from './stable-id.ts';
import { bandOf, categoryOf, mattersAfterEnd, opensException, severityBands } from './taxonomy.ts';

/** Bounds of what one shipment may keep; the oldest goes first. */
const evidenceKept = 100;
const waitingKept = 50;

export const episodeKey = (leg: number | null, category: string): string => `${leg ?? '-'}|${category}`;

export const exceptionIdOf = (
  shipmentId: string,
  leg: number | null,
  category: string,
  episode: number,
): string => stableId(shipmentId, leg, category, episode);

/** The exception that has the signal's topic, or would have it by its own category and leg. */
const currentOf = (work: CaseWork, signal: Signal): ShipmentException | undefined => {
  const { shipmentId, leg, category } = signal;
  const { episodes, exceptions, standing } = work.case;
  const episode = entryOf(episodes, episodeKey(leg, category));
  const own =
    episode === undefined
      ? undefined
      : entryOf(exceptions, exceptionIdOf(shipmentId, leg, category, episode));
  for (const [id, signals] of Object.entries(standing)) {
    const exception = entryOf(exceptions, id);
    if (exception === undefined || exception === own || ended.has(exception.state)) continue;
    if (signals.some((known) => sameTopic(known, signal))) return exception;
  }
  return own;
};

const ended: ReadonlySet<ShipmentException['state']> = new Set(['closed', 'withdrawn']);

const sameTopic = (a: Signal, b: Signal): boolean =>
  a.leg === b.leg && a.category === b.category && a.topic === b.topic;

/** An open exception of which the signal tells more, where it has none of its own. */
const storyOf = (work: CaseWork, signal: Signal): ShipmentException | undefined =>
  sameStory(
    signal,
    Object.values(work.case.exceptions).filter(({ state }) => liveExceptionStates.has(state)),
    (category) => ruleFor(work.rules.taxonomy, category).grave,
  );

const union = (known: readonly string[], more: readonly string[]): string[] =>
  [...new Set([...known, ...more])].slice(-evidenceKept);

const joined = (known: Evidence, more: Evidence): Evidence => ({
  events: union(known.events, more.events),
  alerts: union(known.alerts, more.alerts),
  ports: union(known.ports, more.ports),
  predictions: union(known.predictions, more.predictions),
});

const standingOf = (work: CaseWork, id: string): readonly Signal[] => entryOf(work.case.standing, id) ?? [];

const setStanding = (work: CaseWork, id: string, signals: readonly Signal[]): void => {
  work.case = { ...work.case, standing: withEntry(work.case.standing, id, signals) };
};

/** What was only predicted has come, or its severity has reached a higher band: nobody sleeps through that. */
const isGraver = (before: ShipmentException, now: ShipmentException): boolean =>
  (before.kind === 'predicted' && now.kind === 'detected') ||
  severityBands.indexOf(bandOf(now.severity)) > severityBands.indexOf(bandOf(before.severity));

/** Judges again by what is known now, and plans what follows from it. */
export const rejudge = (work: CaseWork, id: string): void => {
  const exception = entryOf(work.case.exceptions, id);
  if (exception === undefined || exception.state === 'closed' || exception.state === 'withdrawn') return;
  const { plan } = work.case;
  const standing = standingOf(work, id).filter(({ state }) => state === 'raised');
  const judged = judgeException(exception, standing, plan, work.terms, {
    taxonomy: work.rules.taxonomy,
    orders: Object.values(work.case.orders),
    calendar: calendarFor(work.rules, work.terms, plan?.site ?? null),
    rates: work.rules.sla.rates,
  });
  if (judged !== exception) putException(work, judged);
  if (judged.state === 'snoozed' && isGraver(exception, judged)) moveException(work, judged, 'wake');
  replan(work, id);
};

const { impact: noImpact, lines: noLines } = downstreamOf([], null);
const NOTHING_DOWNSTREAM = { impact: noImpact, affectedLines: [...noLines] };

const newException = (work: CaseWork, signal: Signal, episode: number): ShipmentException => ({
  id: exceptionIdOf(signal.shipmentId, signal.leg, signal.category, episode),
  version: 0,
  at: signal.at,
  heardAt: work.now,
  shipmentId: signal.shipmentId,
  leg: signal.leg,
  category: signal.category,
  family: 'other',
  episode,
  state: 'open',
  kind: signal.kind,
  severity: 0,
  severityTerms: { category: 0, lateness: 0, tier: 0, value: 0, contents: 0, certainty: 1 },
  cause: signal.cause,
  effect: signal.effect,
  party: signal.party,
  evidence: joined({ events: [], alerts: [], ports: [], predictions: [] }, signal.evidence),
  causeId: causeIdOf(signal),
  probability: null,
  modelVersion: null,
  ...nothingSaid,
  expectedAt: null,
  leadTimeMin: null,
  planKnown: false,
  customerId: null,
  tier: work.terms.tier,
  contractVersion: null,
  carrier: null,
  service: null,
  mode: null,
  lane: null,
  promisedAt: null,
  valueMinor: null,
  currency: null,
  contentsClass: null,
  ...NOTHING_DOWNSTREAM,
  playbook: null,
  changedBy: 'signal',
  changedRef: signal.id,
  assignee: null,
  snoozedUntil: null,
  raisedAt: work.now,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  reopenedAt: null,
  closedAt: null,
  withdrawnAt: null,
  responseDueAt: work.now,
  resolutionDueAt: work.now,
});

const open = (work: CaseWork, signal: Signal): void => {
  const key = episodeKey(signal.leg, signal.category);
  const episode = (entryOf(work.case.episodes, key) ?? -1) + 1;
  work.case = { ...work.case, episodes: withEntry(work.case.episodes, key, episode) };
  const exception = newException(work, signal, episode);
  putException(work, exception);
  setStanding(work, exception.id, [signal]);
  rejudge(work, exception.id);
};

/** The same topic raised again takes the place of what it said before. */
const strengthen = (work: CaseWork, exception: ShipmentException, signal: Signal): void => {
  const others = standingOf(work, exception.id).filter((known) => !replaces(signal, known));
  setStanding(work, exception.id, [...others, signal]);
  const next = {
    ...exception,
    category: saysMore(signal, exception) ? signal.category : exception.category,
    evidence: joined(exception.evidence, signal.evidence),
  };
  putException(work, next);
  if (!liveExceptionStates.has(exception.state)) moveException(work, next, 'reopen');
  rejudge(work, exception.id);
};

const raise = (work: CaseWork, signal: Signal): void => {
  const own = currentOf(work, signal);
  const current = own === undefined || ended.has(own.state) ? storyOf(work, signal) : own;
  if (current === undefined) open(work, signal);
  else strengthen(work, current, signal);
};

/** One topic of one category, said again. */
const replaces = (signal: Signal, known: Signal): boolean =>
  signal.category === known.category && signal.topic === known.topic;

/** What is left when a topic was taken back says by itself what the exception is. */
const withoutTopic = (
  exception: ShipmentException,
  gone: Signal,
  left: readonly Signal[],
): ShipmentException => {
  const [first] = left;
  if (first === undefined || exception.category !== gone.category) return exception;
  if (left.some(({ category }) => category === gone.category)) return exception;
  return { ...exception, category: first.category };
};

/** Nobody predicts that a promise will be missed once it has passed: then it was missed, or kept. */
const isOutlived = (work: CaseWork, { promisedAt }: ShipmentException, { kind, category }: Signal): boolean =>
  kind === 'predicted' &&
  promisedAt !== null &&
  promisedAt <= work.now &&
  ruleFor(work.rules.taxonomy, category).family === 'delay';

/**
 * Takes one topic away. What was cleared as a prediction leaves alone what has been detected since: a storm
 * that ends does not unmake the delay that it brought. An exception is withdrawn when every topic of it was.
 * Predicted Monday, promised Tuesday, missed Wednesday, delivered Thursday → detected to the end, and resolved on Thursday.
 */
const lower = (work: CaseWork, signal: Signal): void => {
  const current = currentOf(work, signal);
  if (current === undefined) return;
  const known = standingOf(work, current.id);
  const gone = known.find((one) => replaces(signal, one));
  if (gone === undefined) return;
  const others = known.filter((item) => item !== gone);
  if (signal.state === 'withdrawn') {
    setStanding(work, current.id, others);
  } else {
    if (gone.state !== 'raised' || (signal.kind === 'predicted' && gone.kind === 'detected')) return;
    setStanding(work, current.id, [...others, { ...gone, state: 'cleared' }]);
  }
  const left = standingOf(work, current.id);
  if (signal.state === 'withdrawn') putException(work, withoutTopic(current, gone, left));
  const stands = gone.kind === 'detected' ? left.filter((one) => !isOutlived(work, current, one)) : left;
  if (stands.some(({ state }) => state === 'raised')) rejudge(work, current.id);
  else moveException(work, current, left.length === 0 ? 'withdraw' : 'condition_cleared');
};

const hold = (work: CaseWork, signal: Signal): void => {
  const others = work.case.waiting.filter((item) => !sameTopic(item, signal));
  const waiting = signal.state === 'raised' ? [...others, signal].slice(-waitingKept) : others;
  if (signal.state === 'raised' || others.length < work.case.waiting.length) {
    work.case = { ...work.case, waiting };
  }
};

/** Raises, strengthens, clears or withdraws; until the plan is known, all but the grave waits. */
export const onSignal = (work: CaseWork, signal: Signal): void => {
  const { taxonomy } = work.rules;
  const rule = ruleFor(taxonomy, signal.category);
  if (!opensException(rule)) return;
  if (categoryOf(taxonomy, signal.category) === undefined) {
    work.refusals.push(`signal ${signal.id}: category ${signal.category} is not in the taxonomy`);
  }
  if (work.case.plan === null && !rule.grave && !isFeedSubject(signal.shipmentId)) hold(work, signal);
  else if (signal.state !== 'raised') lower(work, signal);
  else if (endOf(work.case) === null || (signal.kind === 'detected' && mattersAfterEnd(rule)))
    raise(work, signal);
  if (signal.kind === 'predicted' && signal.state === 'raised' && rule.family === 'delay') {
    if (endOf(work.case) === null && !work.case.predicted) work.case = { ...work.case, predicted: true };
  }
};

export const releaseWaiting = (work: CaseWork): void => {
  const { waiting } = work.case;
  if (waiting.length === 0) return;
  work.case = { ...work.case, waiting: [] };
  for (const signal of waiting) onSignal(work, signal);
};
