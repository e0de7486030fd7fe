import { nearestWord } from '../rules/nearest-word.ts';
import type { SavepointFacts } from './savepoint.ts';
import type { StatefulStep, StateGraph } from './graph.ts';

export type Fate = 'keeps' | 'loses' | 'cannot' | 'new';

/** What becomes of the state of one step when today's code starts from a savepoint. */
export interface StepPlan {
  readonly fate: Fate;
  readonly stage: string;
  readonly step: string;
  /** Why, in one sentence; empty where nothing is to be said. */
  readonly reason: string;
  /** What would keep the state; empty where nothing is to be mended. */
  readonly mend: string;
}

export interface Plan {
  readonly savepoint: string;
  readonly steps: readonly StepPlan[];
  readonly counts: Readonly<Record<Fate, number>>;
}

/**
 * Compares the stateful steps of a savepoint with those of today's pipelines. A step is known by its stage and its
 * name; it keeps its state when it does the same by the same key over as many partitions.
 */
export const planFor = (savepoint: Pick<SavepointFacts, 'name' | 'graph'>, now: StateGraph): Plan => {
  const before = savepoint.graph;
  const added = now.steps.filter((step) => find(before, step) === undefined);
  const steps: StepPlan[] = before.steps.map((step) => fateOf(step, before, now, added));
  const taken = new Set(
    before.steps.map((step) => find(now, step)).filter((step): step is StatefulStep => step !== undefined),
  );
  for (const step of now.steps) {
    if (taken.has(step)) continue;
    steps.push({
      fate: 'new',
      stage: step.stage,
      step: step.name,
      reason: 'it is not in the savepoint and starts empty',
      mend: '',
    });
  }
  const count = (fate: Fate): number => steps.filter((step) => step.fate === fate).length;
  return {
    savepoint: savepoint.name,
    steps,
    counts: { keeps: count('keeps'), loses: count('loses'), cannot: count('cannot'), new: count('new') },
  };
};

const find = (graph: StateGraph, { stage, name }: StatefulStep): StatefulStep | undefined =>
  graph.steps.find((step) => step.stage === stage && step.name === name);

const partitionsOf = (graph: StateGraph, stage: string): number | undefined =>
  graph.stages.find(({ name }) => name === stage)?.partitions;

const fateOf = (
  step: StatefulStep,
  before: StateGraph,
  now: StateGraph,
  added: readonly StatefulStep[],
): StepPlan => {
  const told = (fate: Fate, reason = '', mend = ''): StepPlan => ({
    fate,
    stage: step.stage,
    step: step.name,
    reason,
    mend,
  });
  const same = find(now, step);
  if (same === undefined) return lost(step, now, added, told);

  const had = partitionsOf(before, step.stage);
  const has = partitionsOf(now, step.stage);
  if (had !== has) {
    return told(
      'cannot',
      `stage "${step.stage}" had ${had} partitions and has ${has}, so that keys would be looked for in other tasks`,
      `set log.partitions back to ${had}; or feed the recorded input of the topic "raw" into a new data folder`,
    );
  }
  const rename = `give the step another name, under which it starts empty, or put "${step.name}" back as it was`;
  if (step.verb !== same.verb)
    return told('cannot', `its verb was "${step.verb}" and is "${same.verb}"`, rename);
  if (step.keys.join('\n') !== same.keys.join('\n'))
    return told('cannot', `it was keyed by ${words(step.keys)} and is keyed by ${words(same.keys)}`, rename);
  if (step.format !== same.format) {
    return told(
      'cannot',
      `its state had format ${step.format} and has ${same.format}`,
      `${rename}; or start with the version that reads format ${step.format}`,
    );
  }
  if (step.shape !== same.shape) {
    return told(
      'cannot',
      `its state is made for ${quoted(step.shape)} and would be read for ${quoted(same.shape)}`,
      rename,
    );
  }
  return step.detail === same.detail
    ? told('keeps')
    : told('keeps', `it was ${quoted(step.detail)} and is ${quoted(same.detail)} from now on`);
};

const lost = (
  step: StatefulStep,
  now: StateGraph,
  added: readonly StatefulStep[],
  told: (fate: Fate, reason: string, mend: string) => StepPlan,
): StepPlan => {
  const moved = now.steps.find(({ name, stage }) => name === step.name && stage !== step.stage);
  if (moved !== undefined) {
    return told(
      'loses',
      `it runs in stage "${moved.stage}" now, and state belongs to the tasks of a stage`,
      `let it run in "${step.stage}" again`,
    );
  }
  const renamed = likeliest(step, added);
  if (renamed !== undefined) {
    return told(
      'loses',
      `it is gone; "${renamed.name}" looks like its new name`,
      `call "${renamed.name}" "${step.name}" again: the name is the identity of the state`,
    );
  }
  return told('loses', 'it is gone', `put it back, or allow the loss with --allow-loss`);
};

/** Of the new steps the one that does the same by the same key in the same stage; the most alike name among several. */
const likeliest = (step: StatefulStep, added: readonly StatefulStep[]): StatefulStep | undefined => {
  const alike = added.filter(
    (one) =>
      one.verb === step.verb && one.stage === step.stage && one.keys.join('\n') === step.keys.join('\n'),
  );
  const nearest = nearestWord(
    step.name,
    alike.map(({ name }) => name),
  );
  return alike.find(({ name }) => name === nearest) ?? alike[0];
};

const quoted = (words: string): string => (words === '' ? 'no parameters' : `"${words}"`);

const words = (keys: readonly string[]): string =>
  keys.map((key) => (key === '' ? 'nothing' : key)).join(', ');
