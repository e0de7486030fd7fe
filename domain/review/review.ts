import type { EffectEstimate } from '../effect.ts';
import type { CategoryChange } from './category-finding.ts';
import type { Period } from './period.ts';
import type { ThresholdChange, ThresholdLook } from './proposals.ts';
import type { StaleFinding } from './stale-playbooks.ts';

/** Hits among cases; whether that is enough to say a share is for the reader's eyes. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** What was raised, and how well it was seen to come. */
export interface Volume {
  readonly key: string;
  readonly raised: number;
  /** First raised as a prediction. */
  readonly predicted: number;
  readonly withdrawn: number;
  /** Among predicted exceptions of shipments that have ended: the promise was broken, or it was seen to come. */
  readonly precision: Share;
  /** Among broken promises: predicted before the promise had passed. */
  readonly recall: Share;
  /** Median of the minutes from first raise to promise; null where no exception had a promise. */
  readonly medianLeadMin: number | null;
  /** Among exceptions with a promise: raised before it had passed. */
  readonly beforePromise: Share;
}

export interface ActionLine {
  readonly type: string;
  /** Actions first planned in the period, by the state that they are in now. */
  readonly states: Readonly<Record<string, number>>;
}

export interface Approvals {
  readonly asked: number;
  readonly approved: number;
  readonly refused: number;
  /** Nobody decided before it expired or was over. */
  readonly lapsed: number;
  readonly medianMin: number | null;
  readonly slowestMin: number | null;
  readonly refusedBecause: readonly { readonly reason: string; readonly count: number }[];
}

export interface Withheld {
  readonly type: string;
  /** A reason of `dispatch`, or `hold_out`: chance withheld it, so that the effect of the others can be told. */
  readonly reason: string;
  readonly count: number;
}

export interface UnmappedCode {
  readonly feed: string;
  readonly standard: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  readonly count: number;
}

/** Money of one currency, in minor units. */
export interface Money {
  readonly currency: string;
  /** Actions first planned in the period that have left. */
  readonly actionsMinor: number;
  /** Of shipments that ended in the period. */
  readonly penaltiesMinor: number;
  readonly breachedValueMinor: number;
}

/** How the shipments ended that ended in the period. */
export interface Endings {
  readonly ended: number;
  readonly breached: number;
  readonly toldBeforeBreach: Share;
  /** The customer asked at least once. */
  readonly asked: Share;
}

export interface Figures {
  readonly total: Volume;
  readonly endings: Endings;
  readonly actions: readonly ActionLine[];
  readonly money: readonly Money[];
}

/** What a period was like, beside the one before it: the same rows make the same review. */
export interface Review extends Period {
  readonly format: 1;
  readonly id: string;
  readonly figures: Figures;
  readonly before: Period & { readonly figures: Figures };
  readonly categories: readonly Volume[];
  readonly tiers: readonly Volume[];
  readonly carriers: readonly Volume[];
  readonly approvals: Approvals;
  readonly withheld: readonly Withheld[];
  readonly effects: readonly EffectEstimate[];
  readonly unmapped: readonly UnmappedCode[];
  readonly stale: readonly StaleFinding[];
  /** Every threshold that was looked at, over outcomes of so many days. */
  readonly thresholds: readonly ThresholdLook[];
  readonly learnedFrom: Period;
  readonly proposals: readonly ThresholdChange[];
  /** Trouble without a category that rises at the end of the period. */
  readonly newCategories: readonly CategoryChange[];
}
