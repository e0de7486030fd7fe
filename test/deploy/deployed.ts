import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../runtime/package-root.ts';

export const deployed = (file: string): string => join(packageRoot, 'deploy', file);
export const textOf = (file: string): string => readFileSync(deployed(file), 'utf8');
export const yamlOf = (file: string): unknown => parse(textOf(file), { merge: true });
export const documentsOf = (file: string): readonly unknown[] =>
  parseAllDocuments(textOf(file)).map((document) => document.toJS() as unknown);

/** What a secret of the environment is replaced by here: loading the configuration fails where one is missing. */
export const SECRETS = {
  CLICKHOUSE_PASSWORD: 'a',
  INGEST_API_KEY: 'b'.repeat(32),
  DESK_API_KEY: 'c'.repeat(32),
} as const;

/** Of `compose.yaml` what the tests look at. */
const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  stop_grace_period: z.string().optional(),
});
export type Service = z.infer<typeof service>;
export const services = z
  .object({ services: z.record(z.string(), service) })
  .parse(yamlOf('compose.yaml')).services;

export interface Mount {
  readonly from: string;
  readonly to: string;
}

export const mountsOf = ({ volumes }: Service): readonly Mount[] =>
  volumes.map((volume) => {
    const [from = '', to = ''] = volume.split(':');
    return { from, to };
  });
