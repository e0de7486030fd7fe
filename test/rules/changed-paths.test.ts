import { expect, test } from 'vitest';
import { changedPaths } from '../../runtime/rules/changed-paths.ts';
import { rules } from './shipped-rules.ts';

test('names file, place, and what was before and after', () => {
  const playbooks = rules.playbooks
    .filter(({ name }) => name !== 'refused')
    .map((playbook) => {
      const [first, ...others] = playbook.steps;
      return playbook.name === 'damage'
        ? { ...playbook, steps: [{ ...first!, costMinor: 5 }, ...others] }
        : playbook;
    });
  const sla = { ...rules.sla, escalation: { ...rules.sla.escalation, minBand: 'high' as const } };
  const after = { ...rules, sla, playbooks };
  expect(changedPaths(rules, after)).toEqual([
    'sla.yaml escalation.minBand "medium" → "high"',
    'playbooks/damage.yaml steps[0].costMinor 0 → 5',
    'playbooks/refused.yaml is gone',
  ]);
  expect(changedPaths(after, rules).at(-1)).toBe('playbooks/refused.yaml is new');
  expect(changedPaths(rules, structuredClone(rules))).toEqual([]);
});
