import { join } from 'node:path';
import { wallClock } from '../../runtime/clock.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { laneOf } from '../../runtime/wire/open-log.ts';
import { engineAlone } from '../engine-alone.ts';
import { withTempFolder } from '../temp-folder.ts';
import { definitions, inputsOf, type TaskName } from './definitions.ts';
import { type Measured, startMeasuring } from './measured.ts';
import type { Where } from './where.ts';

const LOOK_EVERY_MS = 20;
/** As Kafka Streams commits here. */
export const CHECKPOINT_MS = 100;

/** Whoever copies on what the task writes, and is waited for. */
interface Copying {
  start(log: KafkaLog): void;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** A pipeline on the log in Kafka, exactly once, from the first record to the commit that has the last one's results. */
export const throughForewarn = (
  { brokers, prefix, partitions }: Where,
  task: TaskName,
  to = 'out',
  copying?: Copying,
): Promise<Measured> =>
  withTempFolder(async (folder) => {
    const topics = Object.fromEntries([...inputsOf(task), to].map((name) => [name, partitions]));
    const measuring = startMeasuring();
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics,
      time: () => wallClock,
      reads: 'followed',
      laneOf,
      note: (line) => console.error(line),
    });
    copying?.start(log);
    measuring.opened();
    const { engine, failures } = engineAlone({
      pipelines: [definitions[task](to)],
      log,
      stateFolder: join(folder, 'state'),
      checkpointMs: CHECKPOINT_MS,
    });
    await engine.start();
    while (failures.length === 0 && engine.tasks.some(({ lag }) => lag > 0))
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await engine.stop();
    if (failures.length > 0) throw failures[0];
    await copying?.drain();
    const measured = measuring.ended();
    await copying?.stop();
    await log.close();
    return measured;
  });
