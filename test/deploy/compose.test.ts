import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { STOP_WITHIN_MS } from '../../cli/run.ts';
import { clickhouseSource, prometheusSource } from '../../dashboards/datasources.ts';
import { environmentVariable } from '../../docs/environment-variable.ts';
import { durationMs } from '../../runtime/duration.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { deployed, mountsOf, SECRETS, services, textOf, yamlOf } from './deployed.ts';

const ours = Object.entries(services).filter(([name]) => name.startsWith('forewarn-'));
const CONFIG_INSIDE = '/etc/forewarn/forewarn.yaml';
const configOf = (environment: Readonly<Record<string, string | number>>) =>
  loadConfig({
    file: deployed('forewarn.yaml'),
    environment: {
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
      ...SECRETS,
    },
  });

describe('compose.yaml', () => {
  it('runs two of us', () => {
    expect(ours.map(([name]) => name)).toEqual(['forewarn-1', 'forewarn-2']);
  });

  it('mounts only what exists', () => {
    const missing = Object.values(services)
      .flatMap(mountsOf)
      .filter(({ from }) => from.startsWith('.') && !existsSync(deployed(from)));
    expect(missing).toEqual([]);
  });

  it.each(ours)('%s: starts with a configuration that our own loader takes', (_name, own) => {
    const { build, environment, ports, read_only: isReadOnly } = own;
    expect(existsSync(join(deployed(build?.context ?? ''), build?.dockerfile ?? ''))).toBe(true);
    const config = configOf(environment);
    expect(mountsOf(own)).toContainEqual({ from: './forewarn.yaml', to: CONFIG_INSIDE });
    expect(ports.map((port) => port.split(':').at(-1))).toEqual([String(config.http.port)]);
    expect(isReadOnly).toBe(true);
    const writable = mountsOf(own).filter(({ from }) => !from.startsWith('.'));
    expect(writable.map(({ to }) => to)).toEqual([config.dataFolder, join('/app', config.rules)]);
    const clickhouse = new URL(config.clickhouse.url ?? '');
    expect(services).toHaveProperty(clickhouse.hostname);
    expect(services[clickhouse.hostname]?.environment['CLICKHOUSE_USER']).toBe(config.clickhouse.username);
  });

  it('has a broker where the log in Kafka, once it is asked for, looks for one', async () => {
    const file = join(await tempFolder(), 'forewarn.yaml');
    await writeFile(file, textOf('forewarn.yaml').replace(/^# (log: .*)$/m, '$1'));
    const { kafka } = loadConfig({ file, environment: SECRETS }).log;
    expect(kafka?.brokers).toEqual(['kafka:9092']);
    const { environment, profiles } = services['kafka']!;
    expect(environment['KAFKA_ADVERTISED_LISTENERS']).toBe(`PLAINTEXT://${kafka?.brokers[0]}`);
    expect(profiles).toEqual(['kafka']);
    const { peerDependencies: peers } = JSON.parse(
      readFileSync(join(packageRoot, 'package.json'), 'utf8'),
    ) as { peerDependencies: Record<string, string> };
    const named = /OPTIONAL_PEERS='(\S+)@([\d.]+)'/.exec(textOf('forewarn.yaml'));
    expect(peers[named?.[1] ?? '']).toBe(named?.[2]);
  });

  it('gives each its own data, rules, database and port', () => {
    const own = ours.map(([, one]) => [
      ...mountsOf(one)
        .filter(({ from }) => !from.startsWith('.'))
        .map(({ from }) => from),
      configOf(one.environment).clickhouse.database,
      ...one.ports,
    ]);
    const all = own.flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('sets only variables that are keys of the configuration, and asks for every secret', () => {
    for (const [name, { environment }] of ours)
      for (const [variable, value] of Object.entries(environment)) {
        if (Object.hasOwn(SECRETS, variable))
          expect(value, name).toBe(`\${${variable}:?set it in deploy/.env}`);
        else expect(variable).toBe(environmentVariable(['clickhouse', 'database']));
      }
    const wanted = [...textOf('forewarn.yaml').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(new Set(wanted)).toEqual(new Set(Object.keys(SECRETS)));
    const asked = [...textOf('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const example = [...textOf('.env.example').matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
    expect(new Set(asked)).toEqual(new Set(example));
  });

  it('waits longer for a stop than a drain may take', () => {
    for (const [, { stop_grace_period: grace = '0s' }] of ours)
      expect(durationMs(grace)).toBeGreaterThan(STOP_WITHIN_MS);
  });
});

describe('Prometheus', () => {
  const { rule_files: rules, scrape_configs: scrapes } = z
    .object({
      rule_files: z.array(z.string()),
      scrape_configs: z.array(
        z.object({
          job_name: z.string(),
          static_configs: z.array(z.object({ targets: z.array(z.string()) })),
        }),
      ),
    })
    .parse(yamlOf('prometheus/prometheus.yml'));

  it('asks every one of us, under the name that the rules know', () => {
    expect(scrapes.map(({ job_name: name }) => name)).toEqual(['forewarn']);
    const port = configOf({}).http.port;
    expect(scrapes[0]?.static_configs.flatMap(({ targets }) => targets)).toEqual(
      ours.map(([name]) => `${name}:${port}`),
    );
  });

  it('has our rules where it looks for them', () => {
    expect(rules).toEqual(['alerts.yml']);
    expect(mountsOf(services['prometheus']!)).toContainEqual({
      from: '../dashboards/generated/alerts.yml',
      to: '/etc/prometheus/alerts.yml',
    });
  });
});

describe('Grafana', () => {
  const { datasources } = z
    .object({
      datasources: z.array(
        z.object({
          type: z.string(),
          url: z.string().optional(),
          jsonData: z
            .object({ host: z.string(), port: z.number(), username: z.string(), defaultDatabase: z.string() })
            .optional(),
        }),
      ),
    })
    .parse(yamlOf('grafana/provisioning/datasources/forewarn.yaml'));

  it('has a source of each kind that the dashboards choose from, and one for the database of each line', () => {
    expect(new Set(datasources.map(({ type }) => type))).toEqual(
      new Set([prometheusSource.type, clickhouseSource.type]),
    );
    const databases = datasources.flatMap(({ jsonData }) => jsonData ?? []);
    expect(databases.map(({ defaultDatabase }) => defaultDatabase)).toEqual(
      ours.map(([, { environment }]) => configOf(environment).clickhouse.database),
    );
    const { url = '', username } = configOf({}).clickhouse;
    for (const source of databases)
      expect(`http://${source.host}:${source.port} ${source.username}`).toBe(`${url} ${username}`);
    for (const { url: address } of datasources)
      if (address !== undefined) expect(services).toHaveProperty(new URL(address).hostname);
  });

  it('installs the plug-in of ours that does not come with it', () => {
    expect(services['grafana']?.environment['GF_PLUGINS_PREINSTALL_SYNC']).toBe(clickhouseSource.type);
  });

  it('finds every dashboard of ours where it looks for them', () => {
    const { providers } = z
      .object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) })
      .parse(yamlOf('grafana/provisioning/dashboards/forewarn.yaml'));
    const mount = mountsOf(services['grafana']!).find(({ to }) => to === providers[0]?.options.path);
    const found = readdirSync(deployed(mount?.from ?? '')).filter((name) => name.endsWith('.json'));
    expect(found.toSorted()).toEqual(['exceptions.json', 'models.json', 'pipeline.json']);
  });
});
