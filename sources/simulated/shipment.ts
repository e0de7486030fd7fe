import type { ContentsClass, Mode, Tier } from '../../domain/codes.ts';
import type { Identifier } from '../../domain/event.ts';
import type { Carrier } from './carriers.ts';
import type { Place } from './geography.ts';
import type { HappeningKind } from './happenings.ts';
import type { Road } from './road.ts';

export interface PlannedLeg {
  readonly carrier: Carrier;
  readonly mode: Mode;
  readonly from: Place;
  readonly to: Place;
  readonly road: Road;
  readonly departAt: number;
  readonly arriveAt: number;
  readonly pro: string;
}

/** What was planned for a shipment; the truth about its promise, and the material of its plan document. */
export interface Shipment {
  readonly number: number;
  readonly id: string;
  readonly customerId: string;
  readonly tier: Tier;
  readonly mode: Mode;
  readonly service: string;
  readonly lane: string;
  readonly legs: readonly PlannedLeg[];
  readonly identifiers: readonly Identifier[];
  readonly createdAt: number;
  readonly pickupAt: number;
  readonly deliveryAt: number;
  readonly promisedAt: number;
  readonly valueMinor: number;
  readonly contentsClass: ContentsClass;
}

/** One thing that truly happens on the way, at `at`; most of them are reported by somebody. */
export interface Step {
  readonly at: number;
  readonly kind: HappeningKind;
  readonly leg: number;
  readonly place: Place;
  /** Key of the plan's milestone that this fulfils. */
  readonly milestone: string | null;
  /** The cause that a report of this step makes visible. */
  readonly shows: CauseTruth | null;
  /** For estimates: when delivery is expected. */
  readonly estimatedAt: number | null;
  /** Nobody reports it. */
  readonly silent: boolean;
}

export type TrueCause =
  | 'weather'
  | 'port_congestion'
  | 'mechanical'
  | 'carrier_operations'
  | 'traffic'
  | 'missed_connection'
  | 'missed_pickup'
  | 'misroute'
  | 'customs'
  | 'address'
  | 'facility_closed'
  | 'refused'
  | 'damage'
  | 'loss';

/** Why a shipment lost time: what it cost, and when the documents first showed it. */
export interface CauseTruth {
  readonly cause: TrueCause;
  readonly leg: number;
  readonly at: number;
  readonly minutes: number;
  /** Log time of the first document that tells of it; null while, or if, none does. */
  visibleAt: number | null;
}

export interface Journey {
  readonly steps: readonly Step[];
  readonly causes: CauseTruth[];
  readonly result: 'delivered' | 'returned' | 'lost';
  readonly endedAt: number;
}
