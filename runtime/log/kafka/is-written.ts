import { setTimeout as pause } from 'node:timers/promises';
import { connectKafka, type KafkaAddress } from '../../kafka/connection.ts';
import { kafkaNames } from './kafka-names.ts';
import { KafkaProbe } from './kafka-probe.ts';

const FOR_MS = 2_500;
const LOOK_EVERY_MS = 250;

/**
 * Whether processes that share a line write to its log: whoever has a number says at least once a second how far its tasks have come.
 * One that sleeps is not seen, and is fenced by whoever takes the log.
 */
export const isWritten = async (address: KafkaAddress, prefix: string): Promise<boolean> => {
  const probe = await KafkaProbe.open(await connectKafka(address));
  const { commits, heard, frontiers } = kafkaNames(prefix);
  const ends = async (): Promise<string> => {
    const marks = await Promise.all([commits, heard, frontiers].map((topic) => probe.watermarks(topic, 0)));
    return marks.map(({ high }) => high).join(' ');
  };
  try {
    const before = await ends();
    for (let waitedMs = 0; waitedMs < FOR_MS; waitedMs += LOOK_EVERY_MS) {
      await pause(LOOK_EVERY_MS);
      if ((await ends()) !== before) return true;
    }
    return false;
  } finally {
    await probe.close();
  }
};
