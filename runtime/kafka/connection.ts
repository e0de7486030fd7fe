import type { Admin, KafkaConsumer, KafkaError, Producer } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../forewarn-error.ts';
import { type KafkaClient, loadKafkaClient } from './load-client.ts';

export interface KafkaAddress {
  /** `host:port` of some brokers; they tell of the others. */
  readonly brokers: readonly string[];
  /** Settings of librdkafka besides ours, such as `security.protocol`; they are handed on as they are. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** How long a first connection may take; 15 s without it. */
  readonly connectWithinMs?: number;
  /** The key of the configuration that names the brokers; `log.kafka.brokers` without it. */
  readonly setting?: string;
}

/** Makes consumers, producers and the administrator of one Kafka. */
export interface KafkaConnection {
  readonly address: KafkaAddress;
  readonly consumer: (
    settings: Readonly<Record<string, unknown>>,
    topicSettings?: Readonly<Record<string, unknown>>,
  ) => Promise<KafkaConsumer>;
  readonly producer: (
    settings: Readonly<Record<string, unknown>>,
    topicSettings?: Readonly<Record<string, unknown>>,
  ) => Promise<Producer>;
  readonly admin: () => Admin;
}

/** A call of the client, which answers by a callback. */
export const ask = <T>(
  call: (done: (error: KafkaError | null | undefined, answer: T) => void) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });

/** Lets a client go. Whatever it says to that, nobody needs it any more. */
export const letGo = async (client: Pick<KafkaConsumer | Producer, 'disconnect'>): Promise<void> => {
  await ask<unknown>((done) => client.disconnect(done)).catch(() => undefined);
};

/** FW609: with the addresses and what the client said. */
export const notAnswering = ({ brokers, setting }: KafkaAddress, cause: unknown): ForewarnError => {
  if (cause instanceof ForewarnError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new ForewarnError(
    'FW609',
    `Kafka at ${brokers.join(', ')} does not answer: ${said}; see that it runs and that ${setting ?? 'log.kafka.brokers'} names it`,
    { cause },
  );
};

/** Loads the client; nothing is connected yet. */
export const connectKafka = async (address: KafkaAddress): Promise<KafkaConnection> => {
  const client = await loadKafkaClient();
  const common = { ...address.settings, 'bootstrap.servers': address.brokers.join(',') };
  const connected = async <C extends KafkaConsumer | Producer>(one: C): Promise<C> => {
    try {
      await ask((done) => one.connect({ timeout: address.connectWithinMs ?? 15_000 }, done));
      return one;
    } catch (error) {
      throw notAnswering(address, error);
    }
  };
  return {
    address,
    consumer: (settings, topicSettings = {}) =>
      connected(new client.KafkaConsumer({ ...common, ...settings }, topicSettings)),
    producer: (settings, topicSettings = {}) =>
      connected(new client.Producer({ ...common, ...settings }, topicSettings)),
    admin: () => adminOf(client, common),
  };
};

const adminOf = (client: KafkaClient, settings: Readonly<Record<string, unknown>>): Admin =>
  client.AdminClient.create(settings);
