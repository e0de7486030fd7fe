import { equalRank, isDefault } from '../../domain/choose-playbook.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Sla } from '../../domain/sla.ts';
import { categoryOf, type Taxonomy } from '../../domain/taxonomy.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { checkStep } from './check-step.ts';
import { nearestWord } from './nearest-word.ts';
import { playExample } from './play-examples.ts';
import type { RulesFile } from './read-rules-file.ts';

export interface PlaybookSurroundings {
  readonly taxonomy: Taxonomy;
  readonly sla: Sla;
  /** Names that `forewarn.yaml` maps to receivers; left out, any name is taken. */
  readonly destinations?: readonly string[];
  /** False: examples are not played here, because somebody wants to see them all. */
  readonly playsExamples?: boolean;
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

const checkSteps = (
  { name, content }: PlaybookFile,
  { destinations, taxonomy }: PlaybookSurroundings,
): void => {
  for (const index of content.steps.keys()) {
    const fault = checkStep(content, index, { destinations, taxonomy });
    if (fault !== null) fail(name, `steps[${index}]${fault}`);
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

/** What holds between playbooks and the rest of the rules; the first thing that does not is FW103. */
export const checkPlaybooks = (files: readonly PlaybookFile[], surroundings: PlaybookSurroundings): void => {
  const { taxonomy, sla, playsExamples = true } = surroundings;
  for (const file of files) {
    checkCategories(file, taxonomy);
    checkSteps(file, surroundings);
  }
  checkRanks(files);
  if (!playsExamples) return;
  const playbooks = files.map(({ content }) => content);
  for (const { name, content } of files) {
    for (const index of content.examples.keys()) {
      const fault = playExample(content, index, { playbooks, taxonomy, sla });
      if (fault !== null) fail(name, fault);
    }
  }
};
