import { z } from 'zod';
import { actionType } from './action.ts';
import { contentsClass, mode, tier } from './codes.ts';
import { duration } from './duration.ts';
import { minorUnits, probability, severityScore, word } from './schema.ts';

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

export const approval = z.strictObject({
  role: word,
  within: duration,
  otherwise: z.enum(['escalate', 'expire']).default('escalate'),
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
  guard: stepGuard.optional(),
  after: z
    .strictObject({
      step: word,
      result: z.enum(['sent', 'confirmed', 'uncertain', 'failed', 'expired', 'refused']),
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
  steps: z.array(playbookStep).min(1),
  allClear: z
    .strictObject({ template: word })
    .optional()
    .meta({ description: 'Sent after a message whose exception was withdrawn, to the same destination.' }),
  examples: z.array(playbookExample).min(1),
});
export type Playbook = z.infer<typeof playbook>;
