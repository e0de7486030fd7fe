import { z } from 'zod';
import { duration } from '../../domain/duration.ts';
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
  group: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, 'may have letters, digits, dots, hyphens and underscores')
    .optional()
    .meta({
      description:
        'Processes of this name share the tasks, by partition number. Without it one process runs all of them.',
    }),
  member: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/, 'may have letters, digits, dots, hyphens and underscores')
    .optional()
    .meta({
      description:
        'Name of this process in the group, which it keeps over restarts; the name of its host where nothing is said.',
    }),
  session: duration.default('10s').meta({
    description: 'A process of the group that was not heard of for so long is taken for dead (6s to 5m).',
  }),
  standby: z.int().min(0).max(1).default(0).meta({
    description:
      'Processes of the group that keep the state of a number ready in memory while another one runs it: 0 or 1. With 1 a take-over reads only what is new, and all state is held twice.',
  }),
  settings: kafkaAddressSettings.settings,
});
export type KafkaLogSettings = z.infer<typeof kafkaLogSettings>;
