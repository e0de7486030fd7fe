import { describe, expect, it } from 'vitest';
import { addedUp, type MetricsJson } from '../../../runtime/metrics/add-up.ts';
import { createMetrics, type Metrics } from '../../../runtime/metrics/metrics.ts';

/** Counters of a thread as they come over a port. */
const crossed = async (metrics: Metrics): Promise<MetricsJson> =>
  structuredClone(await metrics.registry.getMetricsAsJSON());

const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('metrics of several threads', () => {
  it('add up what has the same name and labels, each once', async () => {
    const main = createMetrics({ processMetrics: false });
    const threads = [1, 2].map(() => createMetrics({ processMetrics: false }));
    main.pipelineStarted('watch-1');
    main.documentIn('acme', 'accepted', 3);
    main.logSize(500);
    for (const [index, metrics] of threads.entries()) {
      metrics.recordsIn('watch-1', 10 * (index + 1));
      metrics.checkpointTook('watch-1', 0.02, 7);
      metrics.signalRaised('late-delivery', 'detected');
    }
    const text = await addedUp(main.registry, await Promise.all(threads.map(crossed)));
    expect(linesOf(text, 'forewarn_records_total')).toEqual([
      'forewarn_records_total{pipeline="watch-1",direction="in"} 30',
      'forewarn_records_total{pipeline="watch-1",direction="out"} 0',
    ]);
    expect(linesOf(text, 'forewarn_signals_total')).toEqual([
      'forewarn_signals_total{category="late-delivery",kind="detected"} 2',
    ]);
    expect(linesOf(text, 'forewarn_ingest_documents_total')).toEqual([
      'forewarn_ingest_documents_total{source="acme",result="accepted"} 3',
    ]);
    expect(linesOf(text, 'forewarn_log_bytes')).toEqual(['forewarn_log_bytes 500']);
    expect(linesOf(text, 'forewarn_checkpoint_duration_seconds_count')).toEqual([
      'forewarn_checkpoint_duration_seconds_count{pipeline="watch-1"} 2',
    ]);
    expect(linesOf(text, 'forewarn_checkpoint_duration_seconds_bucket')).toContain(
      'forewarn_checkpoint_duration_seconds_bucket{le="0.025",pipeline="watch-1"} 2',
    );
  });

  it('leave out nothing that the process alone measures, and name what there is as it is without threads', async () => {
    const main = createMetrics();
    const thread = createMetrics({ processMetrics: false });
    const alone = await addedUp(main.registry, []);
    const together = await addedUp(main.registry, [await crossed(thread)]);
    const namesIn = (text: string): readonly string[] =>
      text
        .split('\n')
        .flatMap((line) => /^# TYPE (\S+ \S+)/.exec(line)?.[1] ?? [])
        .toSorted();
    expect(namesIn(together)).toEqual(namesIn(alone));
    expect(linesOf(together, 'process_start_time_seconds')).toEqual(
      linesOf(alone, 'process_start_time_seconds'),
    );
  });
});
