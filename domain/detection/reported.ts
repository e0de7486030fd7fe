import type { DetectionRules } from '../detection-rules.ts';
import { overrides, takesBack } from '../event-version.ts';
import type { Signal } from '../signal.ts';
import { bandOf, categoryOf, opensException, type Taxonomy } from '../taxonomy.ts';
import type { TrackingEvent } from '../tracking-event.ts';
import { contradicted, type Delivered, deliveredOf, withDelivery } from './duplicate-delivery.ts';
import { signalOf } from './raise.ts';

/** What events have said by themselves, kept so that a retraction finds what it takes back, also before it has come. */
export interface Reported {
  /** Categories that were raised, by event. */
  readonly raised: Readonly<Record<string, { readonly category: string; readonly leg: number | null }>>;
  readonly retracted: readonly string[];
  readonly delivered: readonly Delivered[];
}

export const nothingReported: Reported = { raised: {}, retracted: [], delivered: [] };

const KEPT = 64;

/** Categories below the band `low` are news, such as a new estimate, and no trouble. */
const isTrouble = (taxonomy: Taxonomy, category: string): boolean => {
  const rule = categoryOf(taxonomy, category);
  return rule === undefined || (opensException(rule) && bandOf(rule.defaultSeverity) !== 'info');
};

type Own = TrackingEvent & { readonly shipmentId: string };

/** Without the events that this one takes back or overrides, and all that they had raised withdrawn. */
const takeBack = (
  before: Reported,
  { retracts, shipmentId, at, id }: Own,
  heardAt: number,
): { readonly reported: Reported; readonly signals: readonly Signal[] } => {
  const isGone = (known: string): boolean =>
    (retracts !== null && takesBack(retracts, known)) || overrides(id, known);
  const gone = Object.entries(before.raised).filter(
    ([topic]) => isGone(topic) || (topic.startsWith('twice:') && topic.slice(6).split(':').some(isGone)),
  );
  if (gone.length === 0 && retracts === null && !before.delivered.some(({ id: one }) => isGone(one)))
    return { reported: before, signals: [] };
  const topics = new Set(gone.map(([topic]) => topic));
  const raised = Object.fromEntries(Object.entries(before.raised).filter(([topic]) => !topics.has(topic)));
  const signals = gone.map(([topic, { category, leg }]) =>
    signalOf('withdrawn', {
      shipmentId,
      category,
      leg,
      kind: 'detected',
      at,
      heardAt,
      topic,
      evidence: { events: [id] },
    }),
  );
  const retracted =
    retracts === null
      ? before.retracted
      : [...before.retracted.filter((one) => one !== retracts).slice(-(KEPT - 1)), retracts];
  return {
    reported: { raised, retracted, delivered: before.delivered.filter((one) => !isGone(one.id)) },
    signals,
  };
};

const withRaised = (before: Reported, topic: string, category: string, leg: number | null): Reported => ({
  ...before,
  raised: Object.fromEntries([
    ...Object.entries(before.raised).slice(-(KEPT - 1)),
    [topic, { category, leg }],
  ]),
});

/**
 * What a carrier reports by its codes: an event with a category raises it, a second delivery contradicts the first, and
 * an event that retracts another, or is a later version of it, withdraws what that has raised, whichever comes first.
 * `heardAt` is log time.
 */
export const reported = (
  before: Reported,
  event: Own,
  taxonomy: Taxonomy,
  rules: DetectionRules,
  heardAt: number,
): { readonly reported: Reported; readonly signals: readonly Signal[] } => {
  const taken = takeBack(before, event, heardAt);
  const signals: Signal[] = [...taken.signals];
  let after = taken.reported;
  if (after.retracted.some((one) => takesBack(one, event.id))) return { reported: after, signals };
  const { shipmentId, category, leg, at, cause, effect, party } = event;
  if (category !== null && isTrouble(taxonomy, category)) {
    after = withRaised(after, event.id, category, leg);
    signals.push(
      signalOf('raised', {
        shipmentId,
        category,
        leg,
        kind: 'detected',
        at,
        heardAt,
        topic: event.id,
        cause,
        effect,
        party,
        evidence: { events: [event.id] },
        expectedAt: event.estimatedAt,
      }),
    );
  }
  if (event.status !== 'delivered' || !isEnd(event)) return { reported: after, signals };
  const delivery = deliveredOf(event);
  const other = contradicted(after.delivered, delivery, rules.duplicateDelivery.apartMin);
  after = { ...after, delivered: withDelivery(after.delivered, delivery) };
  if (other === undefined) return { reported: after, signals };
  const topic = `twice:${other.id}:${event.id}`;
  signals.push(
    signalOf('raised', {
      shipmentId,
      category: 'shipment_not_received',
      leg: null,
      kind: 'detected',
      at,
      heardAt,
      topic,
      cause: 'data',
      effect: 'unknown',
      party: 'carrier',
      evidence: { events: [other.id, event.id] },
    }),
  );
  return { reported: withRaised(after, topic, 'shipment_not_received', null), signals };
};

/** One that names a leg and no milestone, or another milestone than the delivery, may be the end of a leg alone. */
const isEnd = ({ leg, milestone }: TrackingEvent): boolean =>
  milestone === null ? leg === null : milestone === 'delivery';
