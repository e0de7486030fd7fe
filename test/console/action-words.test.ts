import { describe, expect, it } from 'vitest';
import { nameWords, stateWords } from '../../console/page/action-words.ts';
import type { ActionView } from '../../console/page/contract.ts';
import { anActionView, noon } from './rows.ts';

const minute = 60_000;
const said = (over: Partial<ActionView>): string =>
  stateWords({ ...anActionView(), ...over }, undefined, noon);

describe('words of an action', () => {
  it('tell several escalations of one exception apart', () => {
    const name = (step: string): string => nameWords({ ...anActionView(), type: 'escalate', step });
    expect(name('tell_desk')).toBe('Escalate');
    expect(name('response_overdue')).toBe('Escalate: response overdue');
    expect(name('claim:approval_timed_out')).toBe('Escalate: approval timed out');
    expect(nameWords({ ...anActionView(), type: 'open_claim', step: 'response_overdue' })).toBe('Open claim');
  });

  it('name who decided, unless it was the playbook', () => {
    expect(said({ state: 'due', decidedBy: 'playbook' })).toBe('being sent');
    expect(said({ state: 'due', decidedBy: 'Dana' })).toBe('being sent · Dana');
  });

  it('never say that something was sent in the future', () => {
    expect(said({ state: 'sent', sentAt: noon - 5 * minute })).toBe('sent 5 min ago');
    expect(said({ state: 'sent', sentAt: noon + 5 * minute })).toBe('sent now');
  });

  it('say what is waited for', () => {
    expect(said({ state: 'proposed', authority: 'recommend' })).toBe('recommended');
    expect(said({ state: 'proposed', authority: 'auto', dueAt: noon + 60 * minute })).toBe(
      'waits, goes out in 1 h at the latest',
    );
    expect(said({ state: 'awaiting_approval', role: 'claims', approvalDueAt: noon + 60 * minute })).toBe(
      'waits for claims · escalates in 1 h',
    );
  });

  it('tell an approval that nobody gave from an action that came too late', () => {
    expect(said({ state: 'expired', approvalDueAt: noon - minute })).toBe('nobody decided in time');
    expect(said({ state: 'expired', decidedBy: 'playbook' })).toBe('too late to help');
  });
});
