import { describe, expect, it } from 'vitest';
import { config } from '../../../runtime/config/config.ts';
import { kafkaSinkSettings } from '../../../runtime/config/kafka-sink-settings.ts';
import { kafkaSourceSettings } from '../../../runtime/config/kafka-source-settings.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { isSimulated } from '../../../runtime/wire/simulation.ts';
import { openKafkaSinks } from '../../../runtime/wire/start-kafka-sinks.ts';
import { openKafkaSources } from '../../../runtime/wire/start-kafka-sources.ts';
import { MemoryLog } from '../../support/memory-log.ts';

/** The log is not reached: what is wrong is said before. */
const surroundings = () => ({
  log: new MemoryLog({ topics: {} }) as never,
  metrics: createMetrics({ processMetrics: false }),
  note: () => undefined,
});
const startSources = (settings: object) =>
  openKafkaSources({
    ...surroundings(),
    settings: kafkaSourceSettings.parse(settings),
    count: 1,
    maxBytes: 1_000,
    intake: new MemoryLog({ topics: {} }),
  });

describe('foreign topics in forewarn.yaml', () => {
  it('turn the simulated world off', () => {
    const topics = { 'tms-events': { source: 'tms' } };
    expect(isSimulated(config.parse({}))).toBe(true);
    expect(isSimulated(config.parse({ sources: { kafka: { topics } } }))).toBe(false);
  });

  it('are refused in one line where they make no sense', async () => {
    await expect(startSources({})).rejects.toThrow(
      'FW101 sources.kafka.topics: is empty; name a topic, or leave kafka out',
    );
    await expect(startSources({ topics: { scans: { source: 'wms', value: 'avro' } } })).rejects.toThrow(
      'FW101 sources.kafka.topics.scans.value: "avro" needs a schema registry; give sources.kafka.registry',
    );
    const settings = kafkaSinkSettings.parse({ topics: { exceptons: { topic: 'theirs' } } });
    await expect(openKafkaSinks({ ...surroundings(), settings, generation: 0 })).rejects.toThrow(
      /^FW101 sinks\.kafka\.topics\.exceptons: no topic of ours has this name; they are raw, /,
    );
    for (const topic of ['~normalise.by-event', 'a b'])
      expect(kafkaSourceSettings.safeParse({ topics: { [topic]: { source: 'x' } } }).success).toBe(false);
  });
});
