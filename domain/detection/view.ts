import type { CarrierUpdate } from '../carrier-update.ts';
import type { Tier } from '../codes.ts';
import type { DetectionRules } from '../detection-rules.ts';
import type { FeedState } from '../feed-state.ts';
import type { Hazard } from '../hazard.ts';
import type { Moving } from '../moving.ts';
import type { PortStatus } from '../port-status.ts';
import type { RoadStatus } from '../road-status.ts';
import type { ScanRhythm } from '../scan-rhythm.ts';
import type { Raised } from './raise.ts';

/** One shipment on its way at one moment of log time, and what is known around it. */
export interface View extends Moving {
  readonly now: number;
  readonly rules: DetectionRules;
  readonly tier: Tier;
  readonly hazards: readonly Hazard[];
  readonly ports: readonly PortStatus[];
  readonly roads: readonly RoadStatus[];
  readonly updates: readonly CarrierUpdate[];
  /** Feeds that speak for a carrier of the plan. */
  readonly feeds: readonly FeedState[];
  readonly rhythm: (key: string) => ScanRhythm | undefined;
}

/** What a detector finds, without what every finding has of its shipment and moment. */
export interface Finding extends Omit<Raised, 'shipmentId' | 'heardAt'> {
  /** Evidence that is no news; its ids where nothing else is said. */
  readonly sameAs?: string;
  /** It happened: it stays until its evidence is taken back. */
  readonly isLasting?: boolean;
}

export interface Look {
  readonly findings: readonly Finding[];
  /** Log time at which to look again when nothing is heard; null for never. */
  readonly again: number | null;
  /** Topics of which it is known now that they were never so. */
  readonly neverSo?: readonly string[];
}

/** Whether a category and topic were found when the shipment was looked at last. */
export type Stood = (category: string, topic: string) => boolean;

/** Looks at a shipment that has not ended, and says all that it finds now: what it found before and finds no more is over. */
export type Detector = (view: View, stood: Stood) => Look;

export const nothingFound: Look = { findings: [], again: null };

export const look = (findings: readonly Finding[], again: number | null = null): Look => ({
  findings,
  again,
});

/** Something that becomes true when nothing is heard until `due`. */
export const from = (due: number, now: number, finding: () => Finding): Look =>
  now >= due ? look([finding()]) : look([], due);

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
