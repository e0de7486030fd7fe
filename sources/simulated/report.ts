import type { Place } from './geography.ts';
import { happenings, type HappeningKind } from './happenings.ts';
import type { Shipment } from './shipment.ts';

/** What a carrier says about one shipment, right or wrong. */
export interface Report {
  readonly id: string;
  readonly shipment: Shipment;
  readonly kind: HappeningKind;
  readonly at: number;
  readonly leg: number;
  readonly place: Place;
  readonly milestone: string | null;
  readonly estimatedAt: number | null;
  /** Id of a report that this one takes back. */
  readonly retracts: string | null;
  /** Says nothing but that the retracted report was wrong. */
  readonly onlyRetracts: boolean;
  /** The record is broken on its way out, so that it does not fit its schema. */
  readonly broken: boolean;
}

/** A report as a canonical tracking record; what a carrier's own API would say, once mapped. */
export const trackingRecord = (report: Report, namesMilestones: boolean): object => {
  const { shipment, place } = report;
  const leg = shipment.legs[report.leg];
  const happening = happenings[report.kind];
  const scac = leg?.carrier.scac ?? '';
  const plain = report.onlyRetracts;
  return {
    type: 'tracking',
    id: report.id,
    at: new Date(report.at).toISOString(),
    identifiers: [{ issuer: scac, kind: 'pro', value: leg?.pro ?? '' }],
    carrier: scac,
    status: report.broken ? 'beamed_up' : plain ? 'information' : happening.status,
    cause: plain ? 'none' : happening.cause,
    effect: plain ? 'none' : happening.effect,
    party: plain ? 'none' : happening.party,
    category: plain ? null : happening.category,
    place: { city: place.city, region: place.region === '' ? null : place.region, country: place.country },
    leg: namesMilestones ? report.leg : null,
    milestone: namesMilestones && !plain ? report.milestone : null,
    ...(report.estimatedAt === null ? {} : { estimatedAt: new Date(report.estimatedAt).toISOString() }),
    ...(report.retracts === null ? {} : { retracts: report.retracts }),
  };
};
