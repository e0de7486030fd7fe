import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelDecisionKind } from '../../domain/model-decision.ts';
import { modelRegistry, type NewDecision, type NewModel } from '../../models/registry.ts';
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

const decision = (kind: ModelDecisionKind, version: string): NewDecision => ({
  model: 'late',
  version,
  kind,
  at: 1_767_571_200_000,
  by: 'test',
  reason: 'because',
  numbers: { gain: 0.01 },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-registry-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('modelRegistry', () => {
  it('keeps a version whole and finds it by its alias', async () => {
    const registry = modelRegistry(folder);
    expect(await registry.aliases('late')).toEqual({ champion: null, challenger: null, shadow: null });
    const [first, second] = [
      await registry.publish('late', modelOf(2)),
      await registry.publish('late', modelOf(3)),
    ];
    await registry.decide(decision('promoted', first));
    await registry.decide(decision('challenged', second));
    expect(await registry.aliases('late')).toEqual({ champion: first, challenger: second, shadow: null });
    await registry.decide(decision('promoted', second));
    expect(await registry.aliases('late')).toEqual({ champion: second, challenger: null, shadow: first });
    expect((await registry.decisions('late')).map(({ kind, before }) => [kind, before])).toEqual([
      ['promoted', null],
      ['challenged', first],
      ['promoted', first],
    ]);
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
    await expect(registry.decide(decision('promoted', 'none'))).rejects.toThrow(/^FW601/);
    await expect(registry.publish('late', { ...modelOf(1), features: ['a'] })).rejects.toThrow(/^FW601/);
  });

  it('takes back what did harm, and never serves again what was retired', async () => {
    const registry = modelRegistry(folder);
    const [first, second] = [
      await registry.publish('late', modelOf(2)),
      await registry.publish('late', modelOf(3)),
    ];
    await registry.decide(decision('promoted', first));
    await registry.decide(decision('promoted', second));
    await expect(registry.decide(decision('retired', second))).rejects.toThrow(/^FW601 .*it is the champion/);
    await registry.decide(decision('rolled_back', first));
    expect(await registry.aliases('late')).toEqual({ champion: first, challenger: null, shadow: null });
    await registry.decide(decision('shadowed', second));
    await registry.decide(decision('retired', second));
    expect((await registry.aliases('late')).shadow).toBeNull();
    await expect(registry.decide(decision('challenged', second))).rejects.toThrow(/^FW601 .*was retired/);
  });

  it('passes over half a decision, which a crash left', async () => {
    const registry = modelRegistry(folder);
    const version = await registry.publish('late', modelOf(2));
    await registry.decide(decision('promoted', version));
    const at = join(folder, 'late', 'decisions.ndjson');
    const whole = await readFile(at);
    for (const cut of [1, 20, whole.length - 2]) {
      await writeFile(at, Buffer.concat([whole, whole.subarray(0, cut)]));
      expect(await modelRegistry(folder).decisions('late')).toHaveLength(1);
      await modelRegistry(folder).decide(decision('retired', await registry.publish('late', modelOf(4))));
      const after = await registry.decisions('late');
      expect(after.map(({ kind }) => kind)).toEqual(['promoted', 'retired']);
    }
  });

  it('begins with the models of another folder, and changes nothing there', async () => {
    const shipped = modelRegistry(join(folder, 'shipped'));
    const version = await shipped.publish('late', modelOf(2));
    await shipped.decide(decision('promoted', version));
    const registry = modelRegistry(join(folder, 'own'), { beginsWith: join(folder, 'shipped') });
    expect(await registry.models()).toEqual(['late']);
    expect((await registry.aliases('late')).champion).toBe(version);
    expect((await registry.load('late', version, names)).signature.version).toBe(version);
    expect(await readdir(folder)).toEqual(['shipped']);
    const own = await registry.publish('late', modelOf(3));
    await registry.decide(decision('promoted', own));
    expect(await registry.aliases('late')).toEqual({ champion: own, challenger: null, shadow: version });
    expect((await shipped.aliases('late')).champion).toBe(version);
    expect(await shipped.versions('late')).toEqual([version]);
  });
});
