import { z } from 'zod';
import type { Pipeline } from '../../runtime/graph.ts';
import type { Services } from '../../runtime/step.ts';
import { topic, type Topic } from '../../runtime/topic.ts';
import type { CrashScene, MirroredTopic, Sent } from './crash-life.ts';

type TableTopic = Pick<Topic<unknown>, 'name' | 'schema'>;

/** How pipelines are run by those who disturb them. */
export interface SceneOptions {
  /** Partitions by topic; 1 where nothing is said. */
  readonly partitions?: Readonly<Record<string, number>>;
  /** ClickHouse and the topics that are mirrored to a table each; their schema says the columns. */
  readonly clickHouse?: { readonly url: string; readonly topics: readonly TableTopic[] };
  /** What steps ask for, such as a scorer. */
  readonly services?: Services;
  readonly segmentBytes?: number;
  /** Whether what nobody needs is dropped from the log as it runs; it is, where nothing is said. */
  readonly retains?: boolean;
  readonly compactAtBytes?: number;
  readonly checkpointMs?: number;
  readonly credit?: number;
}

const letters = topic('crash-letters', {
  schema: z.object({
    at: z.number(),
    step: z.string(),
    stage: z.string(),
    reason: z.string(),
    row: z.unknown(),
  }),
  key: () => 'all',
});

export const sceneOf = (
  given: Pipeline | readonly Pipeline[],
  input: readonly Sent[],
  options: SceneOptions,
): CrashScene => {
  const pipelines = 'stages' in given ? [given] : given;
  const names = [
    ...input.map((sent) => sent.topic.name),
    ...pipelines.flatMap(({ stages }) =>
      stages.flatMap(({ sources, sinks }) => [...sources, ...sinks].map((node) => node.topic.name)),
    ),
    letters.name,
  ];
  const partitions = Object.fromEntries(names.map((name) => [name, options.partitions?.[name] ?? 1]));
  return {
    pipelines,
    input,
    partitions,
    letters: letters as Topic<unknown>,
    mirrored: (options.clickHouse?.topics ?? []).map(mirroredTopic),
    services: options.services ?? {
      scorer: (model) => {
        throw new Error(`crashEverywhere: give \`services\` with a scorer for model "${model}"`);
      },
    },
    segmentBytes: options.segmentBytes ?? 2_000,
    retains: options.retains ?? true,
    compactAtBytes: options.compactAtBytes ?? 400,
    checkpointMs: options.checkpointMs ?? 2,
    credit: options.credit ?? 8,
  };
};

const mirroredTopic = ({ name, schema }: TableTopic): MirroredTopic => {
  if (!(schema instanceof z.ZodObject))
    throw new Error(`crashEverywhere: topic "${name}" has no object schema, so it has no columns`);
  return { topic: name, table: name.replaceAll(/\W/g, '_'), schema };
};
