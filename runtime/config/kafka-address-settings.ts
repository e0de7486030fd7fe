import { z } from 'zod';

/** How a Kafka is reached, for whatever is read from it or written to it. */
export const kafkaAddressSettings = {
  brokers: z
    .array(z.string().regex(/^[^\s,]+:\d{1,5}$/, 'must be host:port'))
    .min(1)
    .default(['127.0.0.1:9092'])
    .meta({ description: 'host:port of some brokers; they tell of the others.' }),
  settings: z
    .record(
      z.string().regex(/^[a-z.]{1,100}$/),
      z.string().meta({ description: 'Value of the setting, as text.' }),
    )
    .default({})
    .meta({
      description: 'Settings of librdkafka, such as security.protocol and sasl.password; secrets by ${NAME}.',
    }),
};

/** Name of a topic of somebody else. */
export const topicName = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'may have letters, digits, dots, hyphens and underscores');
