import { z } from 'zod';
import { kafkaAddressSettings, topicName } from './kafka-address-settings.ts';

const way = {
  topic: topicName.meta({ description: 'Topic that is written to; it must be there.' }),
  mode: z.enum(['epoch', 'append']).default('epoch').meta({
    description:
      'epoch: exactly once for readers of what is committed. append: at least once, without transactions.',
  }),
  start: z.enum(['earliest', 'latest']).default('earliest').meta({
    description:
      'Where it begins the first time: with what the log still has, or with what comes from now on.',
  }),
};

/** `sinks.kafka`: topics of other programs that we write to. */
export const kafkaSinkSettings = z.strictObject({
  ...kafkaAddressSettings,
  prefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, 'may have letters, digits, dots, hyphens and underscores')
    .default('forewarn')
    .meta({
      description:
        'First part of the names of transactions, and of the topic of positions, <prefix>.sink-positions, which is made.',
    }),
  replicas: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .meta({ description: 'Copies of the topic of positions. With several brokers, 3.' }),
  topics: z
    .record(
      z.string(),
      z.strictObject({
        ...way,
        value: z.literal('json').default('json').meta({ description: 'How rows are written.' }),
      }),
    )
    .default({})
    .meta({ description: 'By topic of ours, such as exceptions: where its rows go.' }),
  deadLetters: z
    .strictObject({ ...way, topic: way.topic.default('forewarn-dead-letters') })
    .optional()
    .meta({
      description: 'Dead letters as records: bytes as they came, and why, in headers as of Kafka Connect.',
    }),
});
export type KafkaSinkSettings = z.infer<typeof kafkaSinkSettings>;
