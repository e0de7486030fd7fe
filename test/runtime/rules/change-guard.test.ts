import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { changeGuard } from '../../../runtime/rules/change-guard.ts';
import { loadRules } from '../../../runtime/rules/load-rules.ts';
import { packageRoot } from '../../../runtime/package-root.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const copiedRules = async () => {
  const folder = join(await tempFolder(), 'rules');
  cpSync(join(packageRoot, 'rules'), folder, { recursive: true });
  return { folder, text: (): string => readFileSync(join(folder, file), 'utf8') };
};

const guard = { playbook: 'delay-predicted', step: 'expedite_guaranteed' };
const file = 'playbooks/delay-predicted.yaml';

it('changes two numbers of the file and nothing else, and back', async () => {
  const { folder, text } = await copiedRules();
  const before = text();
  const version = Number(/^version: (\d+)$/m.exec(before)?.[1]);
  const changed = await changeGuard(folder, { ...guard, before: 0.6, after: 0.65 });
  expect(changed).toEqual({ file, version: version + 1 });
  const lines = text().split('\n');
  const differing = before
    .split('\n')
    .flatMap((line, index) => (line === lines[index] ? [] : [lines[index]]));
  expect(differing).toEqual([`version: ${version + 1}`, expect.stringContaining('minProbability: 0.65')]);
  expect(
    loadRules(folder)
      .playbooks.find(({ name }) => name === guard.playbook)
      ?.steps.find(({ id }) => id === guard.step)?.guard?.minProbability,
  ).toBe(0.65);

  await changeGuard(folder, { ...guard, before: 0.65, after: 0.6 });
  expect(text()).toBe(before.replace(`version: ${version}`, `version: ${version + 2}`));
  expect(readdirSync(join(folder, 'playbooks')).filter((name) => !name.endsWith('.yaml'))).toEqual([]);
});

it.each([
  [
    'made for another threshold',
    { ...guard, before: 0.55, after: 0.65 },
    /FW507 playbooks\/delay-predicted.yaml: steps.expedite_guaranteed.guard.minProbability is 0.6, and the change was made for 0.55/,
  ],
  [
    'about a step that is gone',
    { ...guard, step: 'gone', before: 0.6, after: 0.65 },
    /FW507 playbooks\/delay-predicted.yaml: there is no steps.gone.guard.minProbability any more/,
  ],
  [
    'about a playbook that is gone',
    { playbook: 'gone', step: 'x', before: 0.6, after: 0.65 },
    /FW507 playbook "gone" is not there any more/,
  ],
  [
    // The first example has a case of 0.8 in which the step must be planned.
    'under which an example comes out otherwise',
    { ...guard, before: 0.6, after: 0.85 },
    /FW507 playbooks\/delay-predicted.yaml would not load: FW103 rules\/playbooks\/delay-predicted.yaml examples\[0\]/,
  ],
])('changes nothing when the change is %s', async (_, change, says) => {
  const { folder, text } = await copiedRules();
  const before = text();
  await expect(changeGuard(folder, change)).rejects.toThrow(says);
  expect(text()).toBe(before);
});
