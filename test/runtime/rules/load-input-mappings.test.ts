import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputsBySource, loadInputFiles } from '../../../runtime/rules/load-input-mappings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const sound = (name: string, fields = 'orderId: order', more = ''): string =>
  `name: ${name}\nversion: 1\nsources: [shop]\n${more}tables:\n  - records:\n      - type: order\n        fields:\n          ${fields}\n`;

const loadOf = async (files: Readonly<Record<string, string>>) => {
  const folder = join(await tempFolder(), 'rules');
  await mkdir(join(folder, 'inputs'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'inputs', name), text);
  return () => inputsBySource(loadInputFiles(folder));
};

describe('mappings of rows', () => {
  it('are found by the sources that they read', async () => {
    const load = await loadOf({ 'a.yaml': sound('a') });
    expect(load().get('shop')?.name).toBe('a');
    expect(inputsBySource(loadInputFiles(await tempFolder())).size).toBe(0);
  });

  it.each([
    [
      { 'a.yaml': sound('b') },
      /^FW103 rules\/inputs\/a\.yaml name: "b" is not the name of the file; call the file b\.yaml$/,
    ],
    [
      { 'a.yaml': sound('a'), 'b.yaml': sound('b') },
      /^FW103 rules\/inputs\/b\.yaml sources: "shop" is read by inputs\/a\.yaml too; keep one file for each source$/,
    ],
    [
      { 'a.yaml': sound('a', 'orderId: { column: o, as: tex }') },
      /^FW103 rules\/inputs\/a\.yaml tables\[0\]\.records\[0\]\.fields\.orderId\.as: .tex. is not one of/,
    ],
    [
      { 'a.yaml': sound('a', 'orderId: { column: o, as: time, format: yyyy }') },
      /^FW103 rules\/inputs\/a\.yaml .*fields\.orderId/,
    ],
    [
      { 'a.yaml': sound('a', 'orderId: o', 'zone: Mars/Base\n') },
      /^FW103 rules\/inputs\/a\.yaml zone.*IANA zone/,
    ],
    [{ 'a.yaml': sound('a', '"[]x": o') }, /^FW103 rules\/inputs\/a\.yaml /],
    [
      { 'a.yaml': 'name: a\nversion: 1\nsources: [x]\ntables: [{}]\n' },
      /^FW103 rules\/inputs\/a\.yaml tables.*needs records or changes/,
    ],
  ] as const)('that do not fit are one line: %#', async (files, line) => {
    const load = await loadOf(files);
    expect(load).toThrow(line);
    try {
      load();
    } catch (error) {
      expect(String((error as Error).message).split('\n')).toHaveLength(1);
    }
  });
});
