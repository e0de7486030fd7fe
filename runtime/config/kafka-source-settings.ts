import { z } from 'zod';
import { reference } from './reference.ts';
import { kafkaAddressSettings, topicName } from './kafka-address-settings.ts';

/** A topic of another program, and how its records become documents. */
const foreignTopic = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9 and "-"')
    .meta({ description: 'Ingest source of its documents; partners.<source> says what is known of it.' }),
  value: z.enum(['json', 'bytes', 'avro', 'json-schema', 'protobuf']).default('json').meta({
    description:
      'What values are: JSON, documents of any other kind, or what a schema of registry says, which is made JSON.',
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
  registry: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .default('http://127.0.0.1:8081')
        .meta({ description: 'Where it is.' }),
      username: z.string().optional().meta({ description: 'For basic authentication.' }),
      password: reference.optional().meta({ description: 'By reference to the environment.' }),
    })
    .optional()
    .meta({ description: 'Schema registry of values of avro, json-schema and protobuf.' }),
  topics: z.record(topicName, foreignTopic).default({}).meta({ description: 'By name of the topic.' }),
});
export type KafkaSourceSettings = z.infer<typeof kafkaSourceSettings>;
