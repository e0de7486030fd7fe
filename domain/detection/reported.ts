import { overrides, takesBack } from '../event-version.ts';
import type { Signal } from '../signal.ts';
import { bandOf, categoryOf, opensException, type Taxonomy } from '../taxonomy.ts';
import type { TrackingEvent } from '../tracking-event.ts';
import { signalOf } from './raise.ts';

/** Categories that an event has raised, by event, so that a retraction finds what it takes back. */
export type Reported = Readonly<Record<string, { readonly category: string; readonly leg: number | null }>>;

const KEPT = 64;

/** Categories below the band `low` are news, such as a new estimate, and no trouble. */
const isTrouble = (taxonomy: Taxonomy, category: string): boolean => {
  const rule = categoryOf(taxonomy, category);
  return rule === undefined || (opensException(rule) && bandOf(rule.defaultSeverity) !== 'info');
};

/**
 * What a carrier reports by its codes: an event with a category raises it, and one that retracts such an event,
 * or is a later version of it, withdraws it. `heardAt` is log time.
 */
export const reported = (
  before: Reported,
  event: TrackingEvent & { readonly shipmentId: string },
  taxonomy: Taxonomy,
  heardAt: number,
): { readonly reported: Reported; readonly signals: readonly Signal[] } => {
  const { shipmentId, category, leg, at, cause, effect, party } = event;
  const signals: Signal[] = [];
  let after = before;
  for (const [known, taken] of Object.entries(before)) {
    const isTaken = event.retracts !== null && takesBack(event.retracts, known);
    if (!isTaken && !overrides(event.id, known)) continue;
    const { [known]: _, ...rest } = after;
    after = rest;
    const evidence = { events: [event.id] };
    signals.push(
      signalOf('withdrawn', {
        shipmentId,
        category: taken.category,
        leg: taken.leg,
        kind: 'detected',
        at,
        heardAt,
        topic: known,
        evidence,
      }),
    );
  }
  if (category !== null && isTrouble(taxonomy, category)) {
    after = Object.fromEntries([...Object.entries(after).slice(-(KEPT - 1)), [event.id, { category, leg }]]);
    const evidence = { events: [event.id] };
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
        evidence,
        expectedAt: event.estimatedAt,
      }),
    );
  }
  return { reported: after, signals };
};
