import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const shared = {
  log: 'log: { kafka: { group: line } }',
  snapshots: 'snapshots: { s3: { bucket: forewarn } }',
  clickhouse: 'clickhouse: { url: "http://ch:8123" }',
  models: 'models: { folder: /shared/models }',
  sources: 'sources: { http: true }',
};

const loaded = async (lines: Readonly<Record<string, string>>) => {
  const file = join(await tempFolder(), 'forewarn.yaml');
  await writeFile(file, `${Object.values(lines).join('\n')}\n`);
  return loadConfig({ file, environment: {} });
};

describe('a configuration of processes that share tasks', () => {
  it('is taken where all of them reach what each needs', async () => {
    expect((await loaded(shared)).log.kafka).toMatchObject({ group: 'line', session: '10s' });
  });

  it.each([
    ['snapshots', '', /snapshots\.s3: null; .*needs its state; give a store that all of them reach$/],
    ['clickhouse', '', /clickhouse\.url: null; .*give clickhouse\.url or clickhouse\.urls$/],
    ['models', '', /models\.folder: null; .*give a folder that all of them reach$/],
    ['sources', 'sources: { http: false }', /sources\.http: false; .*set it to true/],
    ['sources', 'sources: { http: true, simulated: { seed: 1 } }', /sources\.http: true; .*simulated/],
    ['sources', 'sources: { dropFolder: { path: in } }', /sources\.dropFolder: \{"path":"in"\}; .*by HTTP$/],
    ['log', 'log: { kafka: { group: line, session: 2s } }', /log\.kafka\.session: "2s"; .*6s to 5m/],
  ])('is refused in one line: %s %s', async (key, line, message) => {
    const refused = loaded({ ...shared, [key]: line });
    await expect(refused).rejects.toThrow(ForewarnError);
    await expect(refused).rejects.toMatchObject({ code: 'FW222', message: expect.stringMatching(message) });
    await expect(refused).rejects.not.toThrow(/\n/);
  });

  it('says nothing where one process runs all of them', async () => {
    expect((await loaded({ log: 'log: { kafka: {} }' })).log.kafka?.group).toBeUndefined();
  });
});
