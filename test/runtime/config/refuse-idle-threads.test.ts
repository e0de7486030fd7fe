import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const loaded = async (workers: number) => {
  const file = join(await tempFolder(), 'forewarn.yaml');
  await writeFile(file, `log: { partitions: 3 }\nengine: { workers: ${workers} }\n`);
  return loadConfig({ file, environment: {} });
};

it('takes as many worker threads as there are partition numbers, and refuses more in one line', async () => {
  expect((await loaded(3)).engine.workers).toBe(3);
  const refused = loaded(4);
  await expect(refused).rejects.toMatchObject({
    code: 'FW224',
    message: expect.stringMatching(/engine\.workers: 4; .*log\.partitions is 3; set it to 3 or less, .*$/),
  });
  await expect(refused).rejects.not.toThrow(/\n/);
});
