import { join } from 'node:path';
import { wallClock } from '../../runtime/clock.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { engineAlone } from '../engine-alone.ts';
import { withTempFolder } from '../temp-folder.ts';
import { definitions, inputsOf, type TaskName } from './definitions.ts';
import { type Measured, startMeasuring } from './measured.ts';
import type { Where } from './where.ts';

const LOOK_EVERY_MS = 20;
/** As Kafka Streams commits here. */
const CHECKPOINT_MS = 100;

/** A pipeline on the log in Kafka, exactly once, from the first record to the commit that has the last one's results. */
export const throughForewarn = ({ brokers, prefix, partitions }: Where, task: TaskName): Promise<Measured> =>
  withTempFolder(async (folder) => {
    const topics = Object.fromEntries([...inputsOf(task), 'out'].map((name) => [name, partitions]));
    const measuring = startMeasuring();
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics,
      time: () => wallClock,
      reads: 'followed',
      laneOf: (producer) => producer.split('/').at(-1)!,
      note: (line) => console.error(line),
    });
    measuring.opened();
    const { engine, failures } = engineAlone({
      pipelines: [definitions[task]()],
      log,
      stateFolder: join(folder, 'state'),
      checkpointMs: CHECKPOINT_MS,
    });
    await engine.start();
    while (failures.length === 0 && engine.tasks.some(({ lag }) => lag > 0))
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await engine.stop();
    if (failures.length > 0) throw failures[0];
    const measured = measuring.ended();
    await log.close();
    return measured;
  });
