import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { deployed, SECRETS, services, yamlOf } from './deployed.ts';

const config = loadConfig({ file: deployed('forewarn-shared.yaml'), environment: SECRETS });
const overlay = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        hostname: z.string().optional(),
        environment: z.record(z.string(), z.string()),
        volumes: z.array(z.string()),
      }),
    ),
  })
  .parse(yamlOf('compose.shared.yaml')).services;
const ours = Object.entries(overlay).filter(([name]) => name.startsWith('forewarn-'));

describe('processes that share a line, in compose', () => {
  it('are those of compose.yaml, each with a name of its own in the group', () => {
    const names = Object.keys(services).filter((name) => name.startsWith('forewarn-'));
    expect(ours.map(([name]) => name)).toEqual(names);
    expect(ours.map(([, { hostname }]) => hostname)).toEqual(names);
    expect(config.log.kafka).toMatchObject({ group: 'line' });
    expect(config.log.kafka?.member).toBeUndefined();
  });

  it('find what they share where the configuration looks for it', () => {
    for (const [name, { environment, volumes }] of ours) {
      expect(volumes, name).toContain('./forewarn-shared.yaml:/etc/forewarn/forewarn.yaml:ro');
      expect(volumes, name).toContain(`models:${config.models.folder}`);
      expect(environment['FOREWARN_CLICKHOUSE_DATABASE'], name).toBe(config.clickhouse.database);
    }
    expect(services).toHaveProperty(new URL(config.clickhouse.url ?? '').hostname);
    expect(overlay).toHaveProperty(new URL(config.snapshots.s3?.endpoint ?? '').hostname);
    expect(config.log.kafka?.brokers.map((broker) => broker.split(':')[0])).toEqual(['kafka']);
  });

  it('has room for each process', () => {
    expect(config.log.partitions).toBeGreaterThanOrEqual(ours.length);
  });
});
