import { z } from 'zod';
import { kafkaAddressSettings } from './kafka-address-settings.ts';

/** The log in Kafka instead of in the data folder. */
export const kafkaLogSettings = z.strictObject({
  brokers: kafkaAddressSettings.brokers,
  prefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, 'may have letters, digits, dots, hyphens and underscores')
    .default('forewarn')
    .meta({
      description: 'First part of the names of all topics and transactions; a line has one of its own.',
    }),
  replicas: z.int().min(1).max(32).default(1).meta({
    description:
      'Copies of each topic that is made. With several brokers, 3; topics that are there stay as they are.',
  }),
  maxRecordBytes: z
    .int()
    .min(1 << 20)
    .max(1 << 30)
    .default(16 << 20)
    .meta({ description: 'Longest record; topics are made with it, and brokers must take it.' }),
  settings: kafkaAddressSettings.settings,
});
export type KafkaLogSettings = z.infer<typeof kafkaLogSettings>;
