import type { TestProject } from 'vitest/node';
import { loadKafkaClient } from '../../../runtime/kafka/load-client.ts';
import { startBroker } from './broker.ts';
import { has } from './kafka-jars.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses of the broker that the tests use, or why they cannot run. */
    readonly kafka: { readonly brokers: readonly string[] } | { readonly missing: string };
  }
}

const whatIsMissing = async (): Promise<string | undefined> => {
  try {
    await loadKafkaClient();
  } catch (error) {
    return String(error);
  }
  if (process.env['KAFKA_BROKERS'] !== undefined) return undefined;
  if (!has('java', '-version')) return 'there is neither Java to start a broker nor KAFKA_BROKERS';
  return undefined;
};

/** Starts one broker for all test files, or uses that of KAFKA_BROKERS (`host:port`, separated by commas). */
export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    console.warn(`test/kafka is skipped: ${missing}`);
    project.provide('kafka', { missing });
    return undefined;
  }
  const given = process.env['KAFKA_BROKERS'];
  if (given !== undefined) {
    project.provide('kafka', { brokers: given.split(',') });
    return undefined;
  }
  const broker = await startBroker();
  project.provide('kafka', { brokers: [broker.address] });
  return broker.stop;
};
