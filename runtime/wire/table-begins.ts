import { partitionsByTopic } from '../../pipelines/topics.ts';
import { encodeMirrorState, mirrorProducer } from '../../sinks/clickhouse/mirror-state.ts';
import { mirrorRoutes } from './start-storage.ts';

/** With which state each that fills a table begins anew: from the first row that the log still has, under tokens of its own. */
export const tableBegins = (
  beginOf: (topic: string, partition: number) => number,
  partitions: number,
  generation: number,
): ReadonlyMap<string, Uint8Array> => {
  const counts = partitionsByTopic(partitions);
  return new Map(
    mirrorRoutes.flatMap(({ topic, table }) =>
      Array.from({ length: counts[topic] ?? 0 }, (_, partition) => {
        const next = beginOf(topic, partition);
        const state = encodeMirrorState({ next, sealedTo: next, more: [], epoch: 1, generation });
        return [mirrorProducer(table, partition), state] as const;
      }),
    ),
  );
};
