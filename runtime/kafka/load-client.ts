import type { AdminClient, KafkaConsumer, Producer } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../forewarn-error.ts';

/** The client as Forewarn uses it. */
export interface KafkaClient {
  readonly KafkaConsumer: typeof KafkaConsumer;
  readonly Producer: typeof Producer;
  readonly AdminClient: typeof AdminClient;
}

export const CLIENT_PACKAGE = '@confluentinc/kafka-javascript';
const VERSION = '1.10.1';

/** Commands by what they mend: no package, and a package whose binary neither came along nor was built. */
const install = `npm install --no-save ${CLIENT_PACKAGE}@${VERSION}`;
const rebuild = `npm rebuild ${CLIENT_PACKAGE}`;

/**
 * Loads Kafka's client, which only those need who configure Kafka: the one place of all that does. FW608 with the command
 * that mends it when the package is not there, or is there without its binary. It loads in one thread of a process only.
 */
export const loadKafkaClient = async (
  load: () => Promise<unknown> = () => import('@confluentinc/kafka-javascript'),
): Promise<KafkaClient> => {
  try {
    return clientOf(await load());
  } catch (cause) {
    if (cause instanceof ForewarnError) throw cause;
    throw notLoaded(cause);
  }
};

const notLoaded = (cause: unknown): ForewarnError => {
  const said = cause instanceof Error ? cause.message : String(cause);
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_MODULE_NOT_FOUND') {
    return new ForewarnError(
      'FW608',
      `the configuration asks for Kafka, and its client ${CLIENT_PACKAGE} is not installed; run "${install}"`,
      { cause },
    );
  }
  if (said.startsWith('Could not locate the bindings file')) {
    return new ForewarnError(
      'FW608',
      `Kafka's client ${CLIENT_PACKAGE} is installed without its binary; run "${rebuild}"`,
      { cause },
    );
  }
  return new ForewarnError(
    'FW608',
    `Kafka's client ${CLIENT_PACKAGE} cannot be loaded: ${said.split('\n')[0]}; run "${rebuild}"`,
    { cause },
  );
};

/** A CommonJS package: Node may give its names beside the default export or in it alone. */
const clientOf = (loaded: unknown): KafkaClient => {
  const { default: whole, ...names } = loaded as { readonly default?: KafkaClient } & Partial<KafkaClient>;
  const client = whole ?? names;
  const { KafkaConsumer, Producer, AdminClient } = client;
  if (KafkaConsumer === undefined || Producer === undefined || AdminClient === undefined) {
    throw new ForewarnError(
      'FW608',
      `${CLIENT_PACKAGE} is not the version that is used here; run "${install}"`,
    );
  }
  return { KafkaConsumer, Producer, AdminClient };
};
