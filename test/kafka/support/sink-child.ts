import { kafkaSinkSettings } from '../../../runtime/config/kafka-sink-settings.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { openKafkaSinks } from '../../../runtime/wire/start-kafka-sinks.ts';
import { sinkTopics } from './line-topics.ts';

/** Writes the rows of a log to a foreign topic until it is killed. */
const { CHILD_BROKERS = '', CHILD_TOPIC = '', CHILD_FOLDER = '', CHILD_PREFIX = '' } = process.env;
const log = await EmbeddedLog.open({ folder: CHILD_FOLDER, topics: sinkTopics, time: () => wallClock });
const sinks = await openKafkaSinks({
  settings: kafkaSinkSettings.parse({
    brokers: CHILD_BROKERS.split(','),
    prefix: CHILD_PREFIX,
    topics: { exceptions: { topic: CHILD_TOPIC } },
  }),
  log,
  generation: 0,
  metrics: createMetrics({ processMetrics: false }),
  note: (line) => console.error(line),
});
for (let partition = 0; partition < log.partitionsOf('exceptions'); partition++) sinks.take(partition);
