import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { modelRegistry } from '../../models/registry.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { tempFolder } from '../support/temp-folder.ts';

const writer = fileURLToPath(new URL('./registry-writer.ts', import.meta.url));
const KILLS = 6;

it('serves no half model, whenever the process is killed that publishes and promotes', async () => {
  const folder = await tempFolder();
  const random = seededRandom(5);
  let known = 0;
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(
      process.execPath,
      ['--import', '@oxc-node/core/register', writer, folder, String(round)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    // Somewhere in the middle of writing, another place each time.
    await new Promise((resolve) => setTimeout(resolve, random() * 150));
    child.kill('SIGKILL');
    await ended;

    const registry = modelRegistry(folder);
    for (const version of await registry.versions('late'))
      await expect(registry.load('late', version, ['a', 'b', 'c', 'd', 'e'])).resolves.toMatchObject({
        signature: { version },
      });
    const decisions = await registry.decisions('late');
    expect(decisions.length).toBeGreaterThanOrEqual(known);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(decisions.length);
    known = decisions.length;
    const { champion } = await registry.aliases('late');
    if (champion !== null) expect(await registry.versions('late')).toContain(champion);
  }
  expect(known).toBeGreaterThan(0);
}, 120_000);
