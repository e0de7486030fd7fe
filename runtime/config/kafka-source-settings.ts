import { z } from 'zod';
import { kafkaAddressSettings, topicName } from './kafka-address-settings.ts';

/** A topic of another program, and how its records become documents. */
const foreignTopic = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9 and "-"')
    .meta({ description: 'Ingest source of its documents; partners.<source> says what is known of it.' }),
  value: z.enum(['json', 'bytes']).default('json').meta({
    description: 'What values are: JSON, or documents of any other kind.',
  }),
  contentType: z.string().optional().meta({
    description:
      'Media type of the documents; left out, what the header content-type of a record says, else what value says.',
  }),
  start: z.enum(['earliest', 'latest']).default('earliest').meta({
    description: 'Where reading begins the first time: with what is there, or with what comes from now on.',
  }),
  onGap: z.enum(['fail', 'skip']).default('fail').meta({
    description:
      'When records are gone before they were taken: fail stops this source; skip goes on, with a dead letter of what is gone.',
  }),
  tombstones: z.enum(['skip', 'letter']).default('skip').meta({
    description: 'Records without a value are counted; letter makes a dead letter of each, too.',
  }),
});
export type ForeignTopicSettings = z.infer<typeof foreignTopic>;

/** `sources.kafka`: topics of other programs. */
export const kafkaSourceSettings = z.strictObject({
  ...kafkaAddressSettings,
  group: z.string().min(1).max(200).default('forewarn').meta({
    description: 'Group that offsets are committed to, for dashboards of lag; nobody joins it.',
  }),
  topics: z
    .record(topicName, foreignTopic)
    .refine((topics) => Object.keys(topics).length > 0, 'is empty; name a topic, or leave kafka out')
    .meta({ description: 'By name of the topic.' }),
});
export type KafkaSourceSettings = z.infer<typeof kafkaSourceSettings>;
