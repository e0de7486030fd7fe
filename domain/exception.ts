import { z } from 'zod';
import { cause, contentsClass, effect, mode, party, tier } from './codes.ts';
import { contribution } from './explanation.ts';
import { etaQuantiles } from './prediction.ts';
import { currency, id, instant, minorUnits, probability, severityScore, word } from './schema.ts';
import { impact, lineAtRisk } from './impact.ts';
import { evidence } from './signal.ts';

export const exceptionStates = [
  'open',
  'acknowledged',
  'mitigated',
  'snoozed',
  'resolved',
  'closed',
  'withdrawn',
] as const;

/** The terms that made a severity, so that anyone can add them up again. */
export const severityTerms = z.object({
  category: z.number(),
  lateness: z.number(),
  tier: z.number(),
  value: z.number(),
  contents: z.number(),
  certainty: z.number(),
});

/** What made the latest version. */
export const changeKinds = [
  'signal',
  'plan',
  'orders',
  'contract',
  'rules',
  'decision',
  'action_result',
  'tms_change',
  'outcome_report',
  'tracking',
  'timer',
] as const;

/**
 * One thing that goes wrong, or will, with one shipment. The id is made of shipment, leg, category and episode;
 * new evidence, severity, cause, and predicted becoming detected change the version, never the id.
 */
export const shipmentException = z.object({
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  shipmentId: id,
  leg: z.int().min(0).nullable(),
  category: word,
  family: word,
  episode: z.int().min(0).meta({ column: 'UInt32' }),
  state: z.enum(exceptionStates),
  kind: z.enum(['predicted', 'detected']),
  severity: severityScore,
  severityTerms,
  cause,
  effect,
  party,
  evidence,
  /** What stands behind this and perhaps many others, such as `weather:<hazard>`; null where it stands alone. */
  causeId: z.string().nullable().default(null),
  probability: probability.nullable(),
  modelVersion: z.string().nullable(),
  modelVersions: z.array(z.string()).default([]),
  /** By the model of arrivals, when it was predicted; null where none said it. */
  eta: etaQuantiles.nullable().default(null),
  /** What moved the probability most, and why that is not known, where it is not. */
  contributions: z.array(contribution).default([]),
  unexplained: z.string().nullable().default(null),
  expectedAt: instant.nullable(),
  /** Minutes between the first raise and the promise; negative when the promise had passed already. */
  leadTimeMin: z.number().nullable(),
  /** False when the event came before its plan: grave ones are raised all the same. */
  planKnown: z.boolean(),
  customerId: z.string().nullable(),
  tier,
  contractVersion: z.int().nullable().meta({ column: 'Nullable(UInt32)' }),
  carrier: z.string().nullable(),
  service: z.string().nullable(),
  mode: mode.nullable(),
  lane: z.string().nullable(),
  promisedAt: instant.nullable(),
  valueMinor: minorUnits.nullable(),
  currency: currency.nullable(),
  contentsClass: contentsClass.nullable(),
  /** What hangs on it downstream, in sum and line by line. */
  impact,
  affectedLines: z.array(lineAtRisk).default([]),
  /** Name and version of the playbook that was chosen; null before one was. */
  playbook: z.string().nullable(),
  /** Why there is this version, and the id of what it came from: a contract, a decision, a signal. */
  changedBy: z.enum(changeKinds).default('signal'),
  changedRef: z.string().nullable().default(null),
  assignee: z.string().nullable().default(null),
  snoozedUntil: instant.nullable().default(null),
  raisedAt: instant,
  acknowledgedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  reopenedAt: instant.nullable().default(null),
  closedAt: instant.nullable(),
  withdrawnAt: instant.nullable(),
  /** SLA clocks: when a response, and when a resolution, is due by the contract. */
  responseDueAt: instant,
  resolutionDueAt: instant,
});
export type ShipmentException = z.infer<typeof shipmentException>;
