import { z } from 'zod';
import { reference } from './reference.ts';

const whole = (least: number, most: number) => z.int().min(least).max(most);

const cluster = z.strictObject({
  name: z.string().min(1).default('default').meta({
    description: 'As the servers call it in remote_servers; each has the macros shard and replica.',
  }),
  sharded: z.boolean().default(false).meta({
    description: 'true: more than one shard. Rows lie by the hash of their id, under Distributed tables.',
  }),
  quorum: z
    .union([z.literal('auto'), whole(0, 16)])
    .default('auto')
    .meta({
      description:
        'Replicas that must have an insert before it counts; auto is more than half of them, 0 the one asked.',
    }),
});

/** `clickhouse`: the embedded one, a server, or a cluster. */
export const clickhouseSettings = z
  .strictObject({
    url: z.string().optional().meta({ description: 'A server; without it the embedded one runs.' }),
    urls: z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .optional()
      .meta({
        description:
          'Or the replicas of a cluster: one is asked until it fails, then the next. Processes begin with different ones.',
      }),
    cluster: cluster.optional().meta({
      description: 'With it tables are replicated, and made on all servers of the cluster.',
    }),
    database: z.string().default('forewarn').meta({ description: 'Made where it is missing.' }),
    username: z.string().optional().meta({ description: 'For a server.' }),
    password: reference.optional().meta({ description: 'For a server, by reference to the environment.' }),
    flushMs: whole(10, 60_000)
      .default(1_000)
      .meta({ description: 'Least time between two inserts of one partition into one table.' }),
  })
  .refine(({ url, urls }) => url === undefined || urls === undefined, {
    message: 'has url and urls; give one of them',
  })
  .refine(({ urls, cluster: of }) => (urls?.length ?? 1) === 1 || of !== undefined, {
    message:
      'has several urls and no cluster: servers that do not replicate would each get a part; give cluster',
  })
  .refine(({ urls = [] }) => new Set(urls.map((one) => new URL(one).protocol)).size <= 1, {
    message: 'has urls of http and of https; give all of one kind',
  });
export type ClickHouseConfig = z.infer<typeof clickhouseSettings>;
