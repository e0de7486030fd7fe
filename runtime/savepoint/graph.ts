import { z } from 'zod';
import { inputsOf, type GraphNode, type Pipeline, type Stage } from '../graph.ts';
import type { Step } from '../step.ts';

/**
 * What decides whether state can be read by other code: where a step runs, what it is called, what it does and by
 * which key. A savepoint keeps it beside the state.
 */
export const statefulStep = z.object({
  pipeline: z.string(),
  stage: z.string(),
  name: z.string(),
  verb: z.string(),
  /** Its parameters, for people. */
  detail: z.string(),
  /** What of the parameters its state is made of: the size of a window, the steps of a pattern. */
  shape: z.string(),
  /** What its rows are keyed by, in the order of its inputs; `''` for a table that every task reads whole. */
  keys: z.array(z.string()),
  /** Version of what it keeps, as the step says itself. */
  format: z.int(),
  /** Parts of its state that a savepoint holds, such as `keys` or `table:weather`. */
  parts: z.array(z.string()),
});
export type StatefulStep = z.infer<typeof statefulStep>;

export const stageGraph = z.object({
  name: z.string(),
  partitions: z.int(),
  /** Topics that it reads, and those that it writes. */
  reads: z.array(z.string()),
  writes: z.array(z.string()),
});

export const stateGraph = z.object({
  stages: z.array(stageGraph),
  steps: z.array(statefulStep),
});
export type StateGraph = z.infer<typeof stateGraph>;

/** The part of pipelines that a savepoint keeps. `parts` is left empty: what a step keeps is known once it runs. */
export const stateGraphOf = (
  pipelines: readonly Pipeline[],
  partitionsOf: (topic: string) => number,
): StateGraph => ({
  stages: pipelines.flatMap(({ stages }) =>
    stages.map((stage) => ({
      name: stage.name,
      partitions: partitionsOfStage(stage, partitionsOf),
      reads: stage.sources.map(({ topic }) => topic.name),
      writes: [...new Set(stage.sinks.map(({ topic }) => topic.name))],
    })),
  ),
  steps: pipelines.flatMap((pipeline) =>
    pipeline.stages.flatMap((stage) =>
      stage.nodes.flatMap((node) =>
        node.kind === 'step' && node.step.stateful ? [stepOf(pipeline, stage, node)] : [],
      ),
    ),
  ),
});

/** Partitions of a stage: those of its keyed inputs; one where all are read whole. */
export const partitionsOfStage = (stage: Stage, partitionsOf: (topic: string) => number): number => {
  const keyed = stage.sources.find(({ topic }) => !topic.broadcast);
  return keyed === undefined ? 1 : partitionsOf(keyed.topic.name);
};

const stepOf = (
  pipeline: Pipeline,
  stage: Stage,
  node: GraphNode & { readonly kind: 'step' },
): StatefulStep => ({
  pipeline: pipeline.name,
  stage: stage.name,
  name: node.step.name ?? `${node.step.verb}:${node.id}`,
  verb: node.step.verb,
  detail: node.step.detail,
  shape: shapeOf(node.step),
  keys: node.inputs.map((input) => keyOf(pipeline, input)),
  format: formatOf(node.step),
  parts: [],
});

/** The key that rows have where they come into a step. */
const keyOf = (pipeline: Pipeline, id: number): string => {
  const node = pipeline.nodes[id]!;
  if (node.kind === 'key') return node.label;
  const [input] = inputsOf(node);
  return input === undefined ? '' : keyOf(pipeline, input);
};

/** What a step may say of its state; where it says nothing, its verb tells. */
type Kept = Step<never, unknown, 'any' | 'keyed'> & {
  readonly stateFormat?: number;
  readonly stateShape?: string;
};

/** A step may say that it keeps something else under the old name; where it says nothing its state is as ever. */
const formatOf = ({ stateFormat }: Kept): number => stateFormat ?? 1;

/** Verbs whose state means something else under other parameters: panes, places in a pattern, ranks. */
const shaped: ReadonlySet<string> = new Set(['aggregate', 'window join', 'top', 'best of batch', 'pattern']);

const shapeOf = ({ verb, detail, stateShape }: Kept): string =>
  stateShape ?? (shaped.has(verb) ? detail : /\bordered\b/.test(detail) ? 'ordered' : '');
