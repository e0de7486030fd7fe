import { z } from 'zod';

/** `snapshots`: where the state of tasks lies that is written whole now and then. */
export const snapshotSettings = z.strictObject({
  s3: z
    .strictObject({
      bucket: z.string().min(3).default('forewarn').meta({ description: 'Made by you.' }),
      prefix: z.string().default('line').meta({ description: 'Of all keys; each line has its own.' }),
      region: z.string().default('us-east-1').meta({ description: 'Of the bucket.' }),
      endpoint: z
        .string()
        .optional()
        .meta({ description: 'Address of a store that speaks S3; left out, that of AWS.' }),
      pathStyle: z
        .boolean()
        .default(false)
        .meta({ description: 'true: the bucket stands in the path, as most other stores want it.' }),
    })
    .optional()
    .meta({
      description:
        'An object store, whose client is installed apart; it takes its keys from the environment as AWS names them. Without it, the data folder.',
    }),
});
export type SnapshotSettings = z.infer<typeof snapshotSettings>;
