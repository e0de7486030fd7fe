import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelRegistry, type NewModel } from '../../models/registry.ts';
import { train } from '../../models/training/train.ts';
import { noisyRows } from './training/noisy-rows.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const { matrix, labels, rows, columns } = noisyRows(300, 5);
const modelOf = (trees: number): NewModel => ({
  trained: train({ matrix, rows, columns, labels }, { objective: 'binary', trees }),
  features: names,
  threshold: 0.3,
  card: { rows, note: 'test' },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-registry-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('modelRegistry', () => {
  it('keeps a version whole and finds it by its alias', async () => {
    const registry = modelRegistry(folder);
    expect(await registry.alias('late', 'champion')).toBeNull();
    const [first, second] = [
      await registry.publish('late', modelOf(2)),
      await registry.publish('late', modelOf(3)),
    ];
    await registry.setAlias('late', 'champion', first);
    await registry.setAlias('late', 'challenger', second);
    await registry.setAlias('late', 'champion', second);
    expect(await registry.alias('late', 'champion')).toBe(second);
    expect(await registry.alias('late', 'challenger')).toBe(second);
    const loaded = await registry.load('late', first, names);
    expect(loaded.card).toEqual({ rows, note: 'test' });
    expect(loaded.signature).toMatchObject({ model: 'late', version: first, threshold: 0.3 });
    expect((await registry.versions('late')).toSorted()).toEqual([first, second].toSorted());
    const left = await readdir(join(folder, 'late'));
    expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('publishes the same model once, also when two do it together', async () => {
    const registry = modelRegistry(folder);
    const [left, right] = await Promise.all([
      registry.publish('late', modelOf(2)),
      registry.publish('late', modelOf(2)),
    ]);
    expect(right).toBe(left);
    expect(await registry.publish('late', { ...modelOf(2), threshold: 0.9 })).not.toBe(left);
    expect(await readdir(join(folder, 'late'))).toHaveLength(2);
  });

  it('loads beside features that it does not know, and refuses with FW208 one that is not declared', async () => {
    const registry = modelRegistry(folder);
    const version = await registry.publish('late', modelOf(1));
    expect((await registry.load('late', version, ['x', ...names, 'f'])).signature.version).toBe(version);
    await expect(registry.load('late', version, ['a', 'b', 'x', 'd', 'e'])).rejects.toThrow(
      /^FW208 model "late" version \w+: its column 2 is "c", which is not declared/,
    );
  });

  it('refuses files that do not belong together with FW601', async () => {
    const registry = modelRegistry(folder);
    const version = await registry.publish('late', modelOf(1));
    const at = join(folder, 'late', version);
    await writeFile(
      join(at, 'model.onnx'),
      Buffer.concat([await readFile(join(at, 'model.onnx')), Buffer.of(0)]),
    );
    await expect(registry.load('late', version, names)).rejects.toThrow(/^FW601 .*SHA-256/);
    await expect(registry.load('late', 'none', names)).rejects.toThrow(/^FW601 .*cannot be read/);
    await writeFile(join(at, 'signature.json'), '{}');
    await expect(registry.load('late', version, names)).rejects.toThrow(/^FW601 .*schema/);
    await expect(registry.setAlias('late', 'champion', 'none')).rejects.toThrow(/^FW601/);
    await expect(registry.publish('late', { ...modelOf(1), features: ['a'] })).rejects.toThrow(/^FW601/);
  });
});
