import { choosePlaybook, equalRank, isDefault } from '../../domain/choose-playbook.ts';
import { ruleFor } from '../../domain/judge-exception.ts';
import { planSteps, type PlaybookFacts } from '../../domain/plan-steps.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Sla } from '../../domain/sla.ts';
import { categoryOf, fallbackCategory, isSafety, type Taxonomy } from '../../domain/taxonomy.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { nearestWord } from './nearest-word.ts';
import type { RulesFile } from './read-rules-file.ts';

export interface PlaybookSurroundings {
  readonly taxonomy: Taxonomy;
  readonly sla: Sla;
  /** Names that `forewarn.yaml` maps to receivers; left out, any name is taken. */
  readonly destinations?: readonly string[];
}

type PlaybookFile = RulesFile<Playbook>;

const fail = (file: string, message: string): never => {
  throw new ForewarnError('FW103', `${file} ${message}`);
};

const meant = (word: string, words: readonly string[]): string => {
  const nearest = nearestWord(word, words);
  return nearest === null ? '' : `; did you mean ${nearest}?`;
};

const checkCategories = ({ name, content: { match } }: PlaybookFile, taxonomy: Taxonomy): void => {
  for (const [index, category] of (match.categories ?? []).entries()) {
    if (categoryOf(taxonomy, category) !== undefined) continue;
    const hint =
      meant(category, Object.keys(taxonomy.categories)) || '; add it there or name one that is there';
    fail(name, `match.categories[${index}]: "${category}" is not a category of taxonomy.yaml${hint}`);
  }
};

const checkSteps = ({ name, content: { steps } }: PlaybookFile, destinations?: readonly string[]): void => {
  const before: string[] = [];
  for (const [index, step] of steps.entries()) {
    const at = `steps[${index}]`;
    if (before.includes(step.id)) {
      fail(name, `${at}.id: "${step.id}" is used twice; every step has an id of its own`);
    }
    if (step.id.includes(':')) {
      fail(name, `${at}.id: "${step.id}" has a colon, which is kept for what the engine adds; take it out`);
    }
    if (step.destination === undefined && step.authority !== 'recommend') {
      fail(
        name,
        `${at}.destination: is missing, so nothing can execute ${step.action}; name one or set authority: recommend`,
      );
    }
    if (
      step.destination !== undefined &&
      destinations !== undefined &&
      !destinations.includes(step.destination)
    ) {
      fail(
        name,
        `${at}.destination: "${step.destination}" is not one of ${destinations.join(', ')} in forewarn.yaml${meant(step.destination, destinations) || '; add it there'}`,
      );
    }
    if (step.after !== undefined && !before.includes(step.after.step)) {
      fail(name, `${at}.after.step: "${step.after.step}" is not an earlier step; name one that comes before`);
    }
    before.push(step.id);
  }
};

const checkRanks = (files: readonly PlaybookFile[]): void => {
  const playbooks = files.map(({ content }) => content);
  for (const [index, a] of files.entries()) {
    for (const b of files.slice(index + 1)) {
      if (a.content.name === b.content.name) {
        if (a.content.effectiveFrom !== b.content.effectiveFrom) continue;
        fail(
          b.name,
          `effectiveFrom: begins when ${a.name} of the same name does; give the later version a later date`,
        );
      }
      if (equalRank(a.content, b.content, playbooks)) {
        fail(
          b.name,
          `match: ranks equal with ${a.name} for what both match; narrow one of them by severity, tiers, modes or kind`,
        );
      }
    }
  }
  if (!files.some(({ content }) => isDefault(content))) {
    fail('rules/playbooks', 'no playbook has an empty match; add a default one, such as default.yaml');
  }
};

/** The moment in which examples play. */
const exampleNow = ({ effectiveFrom }: Playbook): number => Date.parse(effectiveFrom ?? '2026-01-01');

const factsOf = (playbook: Playbook, index: number, sla: Sla, taxonomy: Taxonomy): PlaybookFacts => {
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
    results: {},
    occurrences: {},
    now,
  };
};

const checkExamples = (
  { name, content }: PlaybookFile,
  playbooks: readonly Playbook[],
  sla: Sla,
  taxonomy: Taxonomy,
): void => {
  for (const [index, { expect }] of content.examples.entries()) {
    const facts = factsOf(content, index, sla, taxonomy);
    const chosen = choosePlaybook(playbooks, facts);
    if (chosen !== content) {
      fail(
        name,
        `examples[${index}].given: is a case for playbook "${chosen?.name ?? 'none'}"; mend the example or the match`,
      );
    }
    const steps = planSteps(content, facts).map(({ step }) => step);
    if (steps.join() !== expect.join()) {
      fail(
        name,
        `examples[${index}].expect: expected [${expect.join(', ')}] but the steps are [${steps.join(', ')}]; mend the example or the guards`,
      );
    }
  }
};

/** What holds between playbooks and the rest of the rules; the first thing that does not is FW103. */
export const checkPlaybooks = (
  files: readonly PlaybookFile[],
  { taxonomy, sla, destinations }: PlaybookSurroundings,
): void => {
  for (const file of files) {
    checkCategories(file, taxonomy);
    checkSteps(file, destinations);
  }
  checkRanks(files);
  const playbooks = files.map(({ content }) => content);
  for (const file of files) checkExamples(file, playbooks, sla, taxonomy);
};
