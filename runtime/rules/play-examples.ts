import { choosePlaybook } from '../../domain/choose-playbook.ts';
import { ruleFor } from '../../domain/judge-exception.ts';
import { planSteps, type PlaybookFacts } from '../../domain/plan-steps.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';
import { fallbackCategory, isSafety } from '../../domain/taxonomy.ts';

type Known = Pick<Rules, 'playbooks' | 'taxonomy' | 'sla'>;

/** The moment in which examples play. */
const exampleNow = ({ effectiveFrom }: Playbook): number => Date.parse(effectiveFrom ?? '2026-01-01');

const factsOf = (playbook: Playbook, index: number, { sla, taxonomy }: Known): PlaybookFacts => {
  const { match, examples } = playbook;
  const given = examples[index]?.given ?? {};
  const now = exampleNow(playbook);
  const tier = given.tier ?? match.tiers?.[0] ?? 'standard';
  const category = given.category ?? match.categories?.[0] ?? fallbackCategory;
  return {
    exceptionId: 'example',
    category,
    isSafety: isSafety(ruleFor(taxonomy, category)),
    kind: given.kind ?? match.kind ?? 'detected',
    severity: given.severity ?? match.severity?.min ?? 50,
    tier,
    mode: given.mode ?? match.modes?.[0] ?? null,
    probability: given.probability ?? null,
    promisedAt: given.leadTimeMin === undefined ? null : now + given.leadTimeMin * 60_000,
    valueMinor: given.valueMinor ?? null,
    contentsClass: given.contentsClass ?? null,
    told: sla.tiers[tier].told,
    history: new Map(),
    now,
  };
};

/**
 * Plays one example: whether its case comes to this playbook, and whether exactly the expected steps are planned. Null
 * where it is so, else what is wrong, in one line. A step that chance would withhold counts as planned.
 */
export const playExample = (playbook: Playbook, index: number, known: Known): string | null => {
  const expected = playbook.examples[index]?.expect ?? [];
  const facts = factsOf(playbook, index, known);
  const chosen = choosePlaybook(known.playbooks, facts);
  if (chosen !== playbook)
    return `examples[${index}].given: is a case for playbook "${chosen?.name ?? 'none'}"; mend the example or the match`;
  const steps = planSteps(playbook, facts).map(({ step }) => step);
  return steps.join() === expected.join()
    ? null
    : `examples[${index}].expect: expected [${expected.join(', ')}] but the steps are [${steps.join(', ')}]; mend the example or the guards`;
};
