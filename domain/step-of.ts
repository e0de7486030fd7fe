import type { Action } from './action.ts';
import type { Playbook, PlaybookStep } from './playbook.ts';
import type { Rules } from './rules.ts';

/** The playbook by which an action was planned, in its latest version; undefined when the rules have it no more. */
export const playbookOf = (
  { playbooks }: Pick<Rules, 'playbooks'>,
  { playbook }: Pick<Action, 'playbook'>,
): Playbook | undefined => playbooks.findLast(({ name }) => name === playbook);

export const stepOf = (
  rules: Pick<Rules, 'playbooks'>,
  action: Pick<Action, 'playbook' | 'step'>,
): PlaybookStep | undefined => playbookOf(rules, action)?.steps.find(({ id }) => id === action.step);
