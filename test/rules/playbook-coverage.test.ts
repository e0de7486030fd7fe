import { expect, test } from 'vitest';
import { bandOf, opensException } from '../../domain/taxonomy.ts';
import { coverageOf, gapsIn } from '../../runtime/rules/playbook-coverage.ts';
import { playExample } from '../../runtime/rules/play-examples.ts';
import { rules } from './shipped-rules.ts';

const now = Date.parse('2026-06-01');

test('every category that can be predicted or is of high severity has a playbook of its own', () => {
  expect(gapsIn(rules, now)).toEqual([]);
  const without = { ...rules, playbooks: rules.playbooks.filter(({ name }) => name !== 'cold-chain') };
  expect(gapsIn(without, now)).toEqual(['temperature_excursion', 'temperature_protection']);
});

test('shows every category that opens exceptions, in every band that it can reach', () => {
  const rows = coverageOf(rules, now);
  const opening = Object.entries(rules.taxonomy.categories).filter(([, rule]) => opensException(rule));
  expect(rows.map(({ category }) => category)).toEqual(opening.map(([name]) => name));
  for (const { category, cells } of rows)
    expect(Object.keys(cells)).toContain(bandOf(rules.taxonomy.categories[category]!.defaultSeverity));
});

test('says by what the choice differs, and where only a part of a cell is covered', () => {
  const [delay] = coverageOf(rules, now);
  expect(delay).toMatchObject({
    category: 'delay',
    cells: { high: { playbooks: ['delay', 'delay-predicted'], isGap: false, differsBy: ['kind'] } },
  });
  const narrowed = rules.playbooks.map((playbook) =>
    playbook.name === 'damage'
      ? {
          ...playbook,
          match: { ...playbook.match, severity: { min: 90, max: 100 }, tiers: ['priority' as const] },
        }
      : playbook,
  );
  const damage = coverageOf({ ...rules, playbooks: narrowed }, now).find(
    ({ category }) => category === 'damage',
  );
  expect(damage?.cells).toMatchObject({
    high: { playbooks: ['default'], isGap: true, differsBy: [] },
    critical: { playbooks: ['damage', 'default'], isGap: true, differsBy: ['tier', 'severity'] },
  });
});

test('every shipped playbook has two examples or more, and all of them pass', () => {
  for (const playbook of rules.playbooks) {
    expect([playbook.name, playbook.examples.length >= 2]).toEqual([playbook.name, true]);
    for (const index of playbook.examples.keys())
      expect([playbook.name, index, playExample(playbook, index, rules)]).toEqual([
        playbook.name,
        index,
        null,
      ]);
  }
});

test('an example that comes out otherwise says what was planned', () => {
  const [refused] = rules.playbooks.filter(({ name }) => name === 'refused');
  const wrong = { ...refused!, examples: [{ given: { severity: 65 }, expect: [] }] };
  const playbooks = rules.playbooks.map((playbook) => (playbook === refused ? wrong : playbook));
  expect(playExample(wrong, 0, { ...rules, playbooks })).toBe(
    'examples[0].expect: expected [] but the steps are [tell_customer, new_appointment]; mend the example or the guards',
  );
});
