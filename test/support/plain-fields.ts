import { downstreamOf } from '../../domain/impact.ts';
import type { Action } from '../../domain/action.ts';
import type { Decision } from '../../domain/decision.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { plainStep } from '../../domain/plan-steps.ts';

/** What a test's exception, action, decision or outcome has where the test is not about it. */
export const plainException = {
  causeId: null,
  impact: downstreamOf([], null).impact,
  affectedLines: [],
  changedBy: 'signal',
  changedRef: null,
  assignee: null,
  snoozedUntil: null,
  reopenedAt: null,
} satisfies Partial<ShipmentException>;

export const plainAction = {
  approvalsNeeded: plainStep.approvalsNeeded,
  approvals: [],
  costCurrency: 'USD',
  causeId: null,
  news: null,
  mandatory: false,
  propensity: null,
  compensates: null,
} satisfies Partial<Action>;

export const plainDecision = {
  roles: ['*'],
  until: null,
  assignee: null,
  causeId: null,
} satisfies Partial<Decision>;

export const plainOutcome = {
  latestPromisedAt: 0,
  contractVersion: null,
  inquiries: 0,
  firstInquiryAt: null,
  valueMinor: 0,
  costMinor: 0,
  penaltyMinor: 0,
  penaltyCurrency: 'USD',
  currency: 'USD',
  actionsTaken: [],
  claimMinor: null,
  claimCurrency: null,
  reportedReason: null,
} satisfies Partial<Outcome>;
