import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { changeAlarm } from '../../../runtime/rules/change-alarm.ts';
import { loadRules } from '../../../runtime/rules/load-rules.ts';
import { packageRoot } from '../../../runtime/package-root.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const model = 'late-delivery@12a5f0a74bf9';
const other = 'late-delivery@ffffffffffff';

const copiedRules = async () => {
  const folder = join(await tempFolder(), 'rules');
  cpSync(join(packageRoot, 'rules'), folder, { recursive: true });
  const file = join(folder, 'thresholds.yaml');
  return { folder, file, text: (): string => readFileSync(file, 'utf8') };
};
const versioned = (text: string, version: number): string =>
  text.replace(/^version: \d+$/m, `version: ${version}`);

it('writes a line, another number, a second line, and takes both away to the byte but for the version', async () => {
  const { folder, text } = await copiedRules();
  const shipped = text();
  expect(await changeAlarm(folder, { model, before: null, after: 0.62 })).toEqual({
    file: 'thresholds.yaml',
    version: 2,
  });
  expect(text()).toBe(versioned(shipped, 2).replace('alarms: {}\n', `alarms:\n  '${model}': 0.62\n`));
  await changeAlarm(folder, { model, before: 0.62, after: 0.6 });
  await changeAlarm(folder, { model: other, before: null, after: 0.7 });
  expect(loadRules(folder).alarms).toEqual({ [model]: 0.6, [other]: 0.7 });
  await changeAlarm(folder, { model, before: 0.6, after: null });
  await changeAlarm(folder, { model: other, before: 0.7, after: null });
  expect(text()).toBe(versioned(shipped, 6));
});

it('makes the file where there is none', async () => {
  const { folder, file, text } = await copiedRules();
  rmSync(file);
  await changeAlarm(folder, { model, before: null, after: 0.62 });
  expect(text()).toBe(`version: 1\nalarms:\n  '${model}': 0.62\n`);
});

it.each([
  [
    'another threshold',
    { model, before: 0.5, after: 0.6 },
    `alarms.${model} is the model's own, and the change was`,
  ],
  ['one that is none', { model, before: null, after: 1.2 }, 'thresholds.yaml would not load: FW103'],
])('changes nothing when the change is made for %s', async (_, change, says) => {
  const { folder, text } = await copiedRules();
  const before = text();
  await expect(changeAlarm(folder, change)).rejects.toThrow(says);
  expect(text()).toBe(before);
});

it('leaves a map in brackets to a person', async () => {
  const { folder, file } = await copiedRules();
  writeFileSync(file, `version: 1\nalarms: { '${other}': 0.5 }\n`);
  await expect(changeAlarm(folder, { model, before: null, after: 0.6 })).rejects.toThrow(
    /^FW507 thresholds.yaml: version and alarms are not in lines/,
  );
});
