import { type Duration, durationMs } from './duration.ts';
import { Flow, type Output } from './flow.ts';
import { GraphBuilder } from './graph-builder.ts';
import { type Pipeline, stagesOf } from './graph.ts';
import type { Topic } from './topic.ts';
import { validate } from './validate.ts';

type Topics = Readonly<Record<string, Topic<unknown>>>;
type RowOf<X> = X extends Topic<infer T> ? T : never;

export interface PipelineOptions<S extends Topics> {
  readonly from: S;
  /** How often a task commits at most: outputs wait for it. */
  readonly checkpoint?: Duration;
}

/**
 * Defines a pipeline. The definition runs once, now, and yields a graph; nothing is read or written before an engine
 * runs it. Throws FW2xx, in one line, for what is wrong with it.
 */
export const pipeline = <const S extends Topics>(
  name: string,
  options: PipelineOptions<S>,
  define: (flows: { readonly [K in keyof S]: Flow<RowOf<S[K]>> }) => readonly Output[],
): Pipeline => {
  const graph = new GraphBuilder(name);
  const flows = Object.fromEntries(
    Object.entries(options.from).map(([key, topic]) => [key, new Flow<unknown>(graph, graph.source(topic))]),
  );
  define(flows as { readonly [K in keyof S]: Flow<RowOf<S[K]>> });
  graph.sieveRekeys();
  const { nodes } = graph;
  const built: Pipeline = {
    name,
    checkpointMs: durationMs(options.checkpoint ?? '250ms'),
    nodes,
    stages: stagesOf(name, nodes),
  };
  validate(built);
  return built;
};
