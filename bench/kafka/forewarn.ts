import { join } from 'node:path';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { withTempFolder } from '../temp-folder.ts';
import { definitions, inputsOf, type TaskName } from './definitions.ts';
import type { Measured } from './measured.ts';
import type { Where } from './where.ts';

const LOOK_EVERY_MS = 20;
/** As Kafka Streams commits here. */
const CHECKPOINT_MS = 100;

/** A pipeline on the log in Kafka, exactly once, from the first record to the commit that has the last one's results. */
export const throughForewarn = ({ brokers, prefix, partitions }: Where, task: TaskName): Promise<Measured> =>
  withTempFolder(async (folder) => {
    const topics = Object.fromEntries([...inputsOf(task), 'out'].map((name) => [name, partitions]));
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics,
      time: () => wallClock,
      laneOf: (producer) => producer.split('/').at(-1)!,
      note: (line) => console.error(line),
    });
    const opened = performance.now();
    const failures: unknown[] = [];
    const engine = createEngine({
      pipelines: [definitions[task]()],
      log,
      stateFolder: join(folder, 'state'),
      services: {
        scorer: () => {
          throw new Error('no model is asked');
        },
      },
      observer: silentObserver,
      wall: wallClock,
      checkpointMs: CHECKPOINT_MS,
      deadLetter: ({ error }) => {
        throw error;
      },
      onError: (error) => failures.push(error),
    });
    await engine.start();
    while (failures.length === 0 && engine.tasks.some(({ lag }) => lag > 0))
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await engine.stop();
    if (failures.length > 0) throw failures[0];
    const ended = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    await log.close();
    return {
      seconds: (ended - begun) / 1_000,
      openSeconds: (opened - begun) / 1_000,
      cpuSeconds: (user + system) / 1e6,
    };
  });
