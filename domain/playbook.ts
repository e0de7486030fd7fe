import { z } from 'zod';
import { actionType } from './action.ts';
import { contentsClass, mode, status, tier } from './codes.ts';
import { duration } from './duration.ts';
import { currency, minorUnits, probability, severityScore, word } from './schema.ts';

const exceptionKind = z.enum(['predicted', 'detected']);

/** What a playbook is for. What is left out matches everything; the default playbook leaves out all. */
export const playbookMatch = z.strictObject({
  categories: z.array(word).min(1).optional(),
  severity: z
    .strictObject({ min: severityScore.default(0), max: severityScore.default(100) })
    .optional()
    .meta({ description: 'Both ends belong to it.' }),
  tiers: z.array(tier).min(1).optional(),
  modes: z.array(mode).min(1).optional(),
  kind: exceptionKind.optional(),
});
export type PlaybookMatch = z.infer<typeof playbookMatch>;

/** Further conditions on one step; all that are given must hold. */
export const stepGuard = z.strictObject({
  minSeverity: severityScore.optional(),
  maxSeverity: severityScore.optional(),
  minProbability: probability
    .optional()
    .meta({ description: 'Of a prediction; what was detected passes, what has no probability does not.' }),
  minLeadTimeMin: z.number().optional().meta({ description: 'Minutes that must be left until the promise.' }),
  minValueMinor: minorUnits.optional(),
  maxValueMinor: minorUnits.optional(),
  tiers: z.array(tier).min(1).optional(),
  modes: z.array(mode).min(1).optional(),
  kinds: z.array(exceptionKind).min(1).optional(),
  contents: z.array(contentsClass).min(1).optional(),
});
export type StepGuard = z.infer<typeof stepGuard>;

const rung = z.strictObject({ role: word, within: duration });

export const approval = z.strictObject({
  role: word,
  within: duration,
  persons: z
    .int()
    .min(1)
    .max(2)
    .default(1)
    .meta({ description: 'How many different people must approve; 2 is the two-person rule.' }),
  chain: z
    .array(rung)
    .max(5)
    .default([])
    .meta({ description: 'Whom it goes to next, one after the other, when nobody has approved in time.' }),
  otherwise: z
    .enum(['escalate', 'expire'])
    .default('escalate')
    .meta({ description: 'What happens when the chain has ended too.' }),
});
export type Approval = z.infer<typeof approval>;

/** What a step waits for once it is planned; its guard is asked again when the wait is over. */
export const stepWait = z.union([
  z.strictObject({ for: duration.meta({ description: 'A time, such as 30m: perhaps it mends itself.' }) }),
  z.strictObject({
    status: z.array(status).min(1).meta({ description: 'Until the shipment has one of these statuses,' }),
    within: duration.meta({ description: 'and no longer than this.' }),
    otherwise: z.enum(['go', 'drop']).default('go'),
  }),
  z.strictObject({
    unless: z
      .array(status)
      .min(1)
      .meta({ description: 'Dropped when the shipment has one of these statuses' }),
    within: duration.meta({ description: 'within this time; done at its end if it has none of them.' }),
  }),
]);
export type StepWait = z.infer<typeof stepWait>;

const limit = z.strictObject({
  count: z.int().min(1).optional(),
  costMinor: minorUnits.min(1).optional(),
});

/** How much of a step may leave in a day of the terms' zone; what is beyond is suppressed as `budget_spent`. */
export const stepBudget = z.strictObject({
  perDay: limit.optional().meta({ description: 'Over all customers.' }),
  perCustomerPerDay: limit.optional(),
});
export type StepBudget = z.infer<typeof stepBudget>;

/** What makes a step good that had left when its exception turns out never to have been. */
export const compensation = z.strictObject({
  action: actionType,
  destination: word,
  template: word,
});

export const stepAuthority = z.union([z.enum(['auto', 'recommend']), z.strictObject({ approve: approval })]);

export const playbookStep = z.strictObject({
  id: word,
  action: actionType,
  destination: word.optional().meta({
    description: 'A name that forewarn.yaml maps to a receiver; without one nothing can execute it.',
  }),
  template: word,
  authority: stepAuthority,
  news: word.optional().meta({
    description:
      'What a message says; the same news of a shipment is told once. Its template, where left out.',
  }),
  mandatory: z.boolean().default(false).meta({
    description: 'Owed by contract or for safety: no hold-out and no budget withholds it.',
  }),
  waitFor: stepWait.optional(),
  holdOut: z.number().min(0).max(0.5).default(0).meta({
    description:
      'Share of eligible cases in which chance withholds the step, so that its effect can be told. Never of what is mandatory, guaranteed, grave, perishable or hazardous.',
  }),
  budget: stepBudget.optional(),
  compensate: compensation
    .optional()
    .meta({ description: 'Done when the exception is withdrawn after this step has left.' }),
  guard: stepGuard.optional(),
  after: z
    .strictObject({
      step: word,
      result: z.enum(['sent', 'confirmed', 'uncertain', 'failed', 'expired', 'refused', 'suppressed']),
    })
    .optional()
    .meta({ description: 'Planned only once an earlier step has come to this.' }),
  expiresAfter: z
    .union([duration, z.literal('promise')])
    .optional()
    .meta({ description: 'Not begun after this time from its planning, or after the promise.' }),
  costMinor: minorUnits.default(0),
});
export type PlaybookStep = z.infer<typeof playbookStep>;

export const exampleFacts = z.strictObject({
  category: word.optional(),
  kind: exceptionKind.optional(),
  severity: severityScore.optional(),
  tier: tier.optional(),
  mode: mode.optional(),
  probability: probability.optional(),
  leadTimeMin: z.number().optional(),
  valueMinor: minorUnits.optional(),
  contentsClass: contentsClass.optional(),
});

export const playbookExample = z.strictObject({
  given: exampleFacts,
  expect: z.array(word).meta({ description: 'Ids of the steps that are planned at once, in their order.' }),
});

export const playbook = z.strictObject({
  name: word,
  version: z.int().min(1),
  effectiveFrom: z.iso
    .date()
    .optional()
    .meta({ description: 'From the start of this day, UTC; earlier versions of the same name end there.' }),
  match: playbookMatch,
  currency: currency.default('USD').meta({ description: 'Of all costs in this playbook.' }),
  steps: z.array(playbookStep).min(1),
  allClear: z
    .strictObject({ template: word })
    .optional()
    .meta({ description: 'Sent after a message whose exception was withdrawn, to the same destination.' }),
  examples: z.array(playbookExample).min(1),
});
export type Playbook = z.infer<typeof playbook>;
