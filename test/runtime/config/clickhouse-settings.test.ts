import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { addressOf, tablesOf } from '../../../runtime/wire/tables-of.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const loaded = async (clickhouse: string) => {
  const file = join(await tempFolder(), 'forewarn.yaml');
  await writeFile(file, `clickhouse: ${clickhouse}\n`);
  return loadConfig({ file, environment: {} }).clickhouse;
};

it('is the embedded one where nothing is said', async () => {
  const settings = await loaded('{}');
  expect(addressOf(settings)).toBeUndefined();
  expect(tablesOf(settings, 'http://127.0.0.1:9')).toEqual({
    url: 'http://127.0.0.1:9',
    database: 'forewarn',
  });
});

it('is a server without anything of a cluster', async () => {
  const settings = await loaded("{ url: 'http://ch:8123', username: us }");
  expect(tablesOf(settings, undefined)).toEqual({
    url: 'http://ch:8123',
    database: 'forewarn',
    username: 'us',
  });
});

it('is a cluster with a quorum, and with hosts where there are several', async () => {
  const settings = await loaded("{ urls: ['http://a:8123', 'http://b:8123'], cluster: { name: west } }");
  const { cluster, hosts } = tablesOf(settings, undefined);
  expect(cluster).toEqual({ name: 'west', sharded: false, quorum: 'auto' });
  expect(['http://a:8123', 'http://b:8123']).toContain(hosts?.current());
  expect(addressOf(settings)).toBe('http://a:8123 http://b:8123');
});

it('refuses a cluster without a server of it', async () => {
  const settings = await loaded('{ cluster: {} }');
  expect(() => addressOf(settings)).toThrow(
    'FW101 clickhouse.cluster "default": no server of it is configured; give clickhouse.urls',
  );
});

it.each([
  ["{ url: 'http://a', urls: ['http://b'] }", /clickhouse: .*: has url and urls; give one of them/],
  ["{ urls: ['http://a', 'http://b'] }", /clickhouse: .*: has several urls and no cluster: .*; give cluster/],
  [
    "{ urls: ['http://a', 'https://b'], cluster: { name: west } }",
    /clickhouse: .*: has urls of http and of https/,
  ],
  ["{ urls: ['tcp://a:9000'] }", /clickhouse\.urls\[0\]/],
])('%s is refused in one line', async (clickhouse, said) => {
  await expect(loaded(clickhouse)).rejects.toThrow(said);
  await expect(loaded(clickhouse)).rejects.toThrow(/^FW101 [^\n]*$/);
});
