import { afterOut } from './after-out.ts';
import { appointmentAtRisk } from './appointment-at-risk.ts';
import { carrierAdvisory } from './carrier-advisory.ts';
import { customsAgeing } from './customs-ageing.ts';
import { dwell } from './dwell.ts';
import { lateEstimate } from './late-estimate.ts';
import { lateMilestone } from './late-milestone.ts';
import { missedConnection } from './missed-connection.ts';
import { missedPromise } from './missed-promise.ts';
import { missingScan } from './missing-scan.ts';
import { planConflict } from './plan-conflict.ts';
import { portAhead } from './port-ahead.ts';
import { signalOf } from './raise.ts';
import { roadAhead } from './road-ahead.ts';
import { routeDeviation } from './route-deviation.ts';
import { isTakenBack } from '../progress.ts';
import type { Signal } from '../signal.ts';
import { temperatureExcursion } from './temperature-excursion.ts';
import type { Detector, Finding, View } from './view.ts';
import { weatherAhead } from './weather-ahead.ts';

/** Everything that is looked for on a shipment under way. What its events report by their codes is `reported`. */
export const detectors: readonly Detector[] = [
  planConflict,
  missingScan,
  dwell,
  afterOut,
  lateMilestone,
  missedConnection,
  lateEstimate,
  missedPromise,
  appointmentAtRisk,
  routeDeviation,
  temperatureExcursion,
  customsAgeing,
  weatherAhead,
  portAhead,
  roadAhead,
  carrierAdvisory,
];

/** Still looked at when the shipment has ended: whether what was said of it was so. */
const atTheEnd: readonly Detector[] = [missedPromise];

interface Before {
  readonly category: string;
  readonly topic: string;
  readonly leg: number | null;
  readonly kind: Signal['kind'];
  readonly evidence: string;
  readonly events: readonly string[];
  readonly isLasting: boolean;
}

/** What has been found of a shipment and not taken back, by category and topic. */
export type Standing = Readonly<Record<string, Before>>;

export interface Judged {
  readonly standing: Standing;
  readonly signals: readonly Signal[];
  /** Log time at which to look again when nothing is heard. */
  readonly again: number | null;
}

const ids = ({ evidence = {} }: Finding): readonly string[] => Object.values(evidence).flat();

const stoodOf = (finding: Finding): Before => ({
  category: finding.category,
  topic: finding.topic,
  leg: finding.leg ?? null,
  kind: finding.kind,
  evidence: `${finding.kind} ${finding.sameAs ?? ids(finding).join(',')}`,
  events: finding.evidence?.events ?? [],
  isLasting: finding.isLasting ?? false,
});

/**
 * Compares what is found of a shipment now with what was said before, and says the difference. What is new, or has new
 * evidence, is raised; what is not found any more is cleared, for it is over or will not come; and where it was found by
 * evidence that was taken back, or never was so, it is withdrawn.
 */
export const judge = (before: Standing, view: View): Judged => {
  const { plan, progress, ended, now } = view;
  const base = { shipmentId: plan.shipmentId, heardAt: now };
  const standing: Record<string, Before> = {};
  const signals: Signal[] = [];
  const neverSo = new Set<string>();
  let again: number | null = null;
  const stoodBefore = (category: string, topic: string): boolean =>
    before[`${category}:${topic}`] !== undefined;
  for (const detect of ended ? atTheEnd : detectors) {
    const looked = detect(view, stoodBefore);
    looked.neverSo?.forEach((topic) => neverSo.add(topic));
    if (looked.again !== null) again = Math.min(again ?? Infinity, looked.again);
    for (const finding of looked.findings) {
      const stood = stoodOf(finding);
      const key = `${stood.category}:${stood.topic}`;
      const known = before[key];
      // Where it was seen first it stays, so that its exception grows.
      standing[key] = known === undefined ? stood : { ...stood, leg: known.leg };
      if (known?.evidence !== stood.evidence)
        signals.push(signalOf('raised', { ...base, ...finding, leg: standing[key].leg }));
    }
  }
  for (const [key, stood] of Object.entries(before)) {
    if (standing[key] !== undefined) continue;
    const wasNeverSo = neverSo.has(stood.topic) || stood.events.some((id) => isTakenBack(progress, id));
    if (stood.isLasting && !wasNeverSo) {
      standing[key] = stood;
      continue;
    }
    const { category, topic, leg, kind, events } = stood;
    const state = wasNeverSo ? 'withdrawn' : 'cleared';
    const evidence = { events: wasNeverSo ? [...events] : [] };
    signals.push(signalOf(state, { ...base, category, topic, leg, kind, at: now, evidence }));
  }
  return { standing, signals, again };
};
