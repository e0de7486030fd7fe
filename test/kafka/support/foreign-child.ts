import { writeSync } from 'node:fs';
import { kafkaSourceSettings } from '../../../runtime/config/kafka-source-settings.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { KafkaLog } from '../../../runtime/log/kafka/kafka-log.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { openKafkaSources } from '../../../runtime/wire/start-kafka-sources.ts';
import { lineTopics } from './line-topics.ts';

/** Takes a foreign topic into a log until it is killed, and prints how many documents the log has. */
const { CHILD_BROKERS = '', CHILD_TOPIC = '', CHILD_FOLDER = '', CHILD_PREFIX = '' } = process.env;
const brokers = CHILD_BROKERS.split(',');
const time = () => wallClock;
const log =
  CHILD_PREFIX === ''
    ? await EmbeddedLog.open({ folder: CHILD_FOLDER, topics: lineTopics, time })
    : await KafkaLog.open({ brokers, prefix: CHILD_PREFIX, topics: lineTopics, time });
const sources = await openKafkaSources({
  count: 1,
  settings: kafkaSourceSettings.parse({ brokers, topics: { [CHILD_TOPIC]: { source: 'tms' } } }),
  maxBytes: 1 << 20,
  log,
  intake: log,
  metrics: createMetrics({ processMetrics: false }),
  note: (line) => console.error(line),
});
await sources.take([0]);
log.onAdvance(() => writeSync(1, `${log.end('raw', 0)}\n`));
