import { cp, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { newDataFolder } from './recorded-folder.ts';
import { forewarn } from './run-cli.ts';

const runtime = (file: string): string => join(packageRoot, 'runtime', file);

/** A file of pipelines as a user writes one; `body` is what it exports. */
const ownFile = async (folder: string, body: string): Promise<string> => {
  const file = join(folder, 'own.ts');
  await writeFile(
    file,
    `import { pipeline } from '${runtime('pipeline.ts')}';
import { map } from '${join(packageRoot, 'operators', 'map.ts')}';
import { plans, signals } from '${join(packageRoot, 'pipelines', 'topics.ts')}';
${body}`,
  );
  return file;
};

describe('forewarn validate', () => {
  it('finds nothing wrong with what ships, and makes nothing', async () => {
    const data = join(await tempFolder(), 'data');
    const { out, code } = await forewarn('validate', '--data', data);
    expect(out).toMatch(
      /^ok {5}pipelines: normalise \(4 steps keep state\), .*, watch \(3 steps keep state\)/m,
    );
    expect(out).toMatch(/^ok {5}model: late-delivery@\w+ takes \d+ of the \d+ features of the code$/m);
    expect(out).toMatch(/nothing is wrong$/);
    expect(code).toBe(0);
    expect(existsSync(data)).toBe(false);
  });

  it('says all that is wrong at once, a line each with its code', async () => {
    const folder = await tempFolder();
    const rules = join(folder, 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    const playbook = join(rules, 'playbooks', 'damage.yaml');
    await writeFile(playbook, (await readFile(playbook, 'utf8')).replace('open_claim', 'open_clame'));
    const file = join(folder, 'forewarn.yaml');
    await writeFile(
      file,
      `rules: ${rules}\nhttp: { apiKeys: [{ name: tms, key: '\${NO_SUCH_KEY}', scopes: [ingest] }] }\nsources: { http: true }\ndestinations: { desk: { url: 'http://127.0.0.1:9' } }\n`,
    );
    const data = await newDataFolder(folder);
    const { out, code } = await forewarn('validate', '--config', file, '--data', data);
    const wrong = out.split('\n').filter((line) => line.startsWith('wrong'));
    expect(wrong).toEqual([
      expect.stringMatching(/^wrong {2}FW105 data folder .* holds recorded time, and this run has live/),
      expect.stringMatching(/^wrong {2}FW107 api key "tms": environment variable NO_SUCH_KEY is not set/),
      expect.stringMatching(/^wrong {2}FW103 .*open_clame.*did you mean open_claim\?$/),
    ]);
    expect(out).toMatch(/3 of \d+ are wrong$/);
    expect(code).toBe(1);
  });

  it('stops at a configuration that cannot be read', async () => {
    const { out, code } = await forewarn('validate', '--config', 'none.yaml');
    expect(out.split('\n')).toEqual([
      'wrong  FW102 none.yaml: cannot be read; give the path of a file with --config',
      '1 of 1 are wrong',
    ]);
    expect(code).toBe(1);
  });

  it('takes pipelines of a file of your own', async () => {
    const folder = await tempFolder();
    const good = await ownFile(
      folder,
      `export const mine = pipeline('mine', { from: { plans } }, ({ plans: rows }) => [rows.through(map((row) => row)).to(plans === null ? plans : signals)]);`,
    );
    const { out, code } = await forewarn('validate', '--pipelines', good, '--data', join(folder, 'data'));
    expect(out).toContain(`ok     ${good}: mine (0 steps keep state)`);
    expect(code).toBe(0);
  });

  it('says what is wrong with them', async () => {
    const folder = await tempFolder();
    const bad = await ownFile(folder, `export const mine = pipeline('mine', { from: { plans } }, () => []);`);
    const { out, code } = await forewarn('validate', '--pipelines', bad);
    expect(out).toMatch(/^wrong {2}FW207 pipeline "mine": topic "plans" is read and leads nowhere/m);
    expect(code).toBe(1);
    const { out: none } = await forewarn('validate', '--pipelines', join(packageRoot, 'runtime', 'clock.ts'));
    expect(none).toMatch(/^wrong {2}FW101 .* exports no pipeline/m);
  });
});
