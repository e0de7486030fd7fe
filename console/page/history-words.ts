import type { HistoryEntry } from './contract.ts';
import { plainWords } from './plain-words.ts';

/** One entry of a history as a line: `Dana: snooze (called back)`, `Version 3, acknowledged, severity 72, by contract`. */
export const historyWords = ({ kind, version, row }: HistoryEntry): string => {
  const field = (name: string): string => {
    const value = row[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (kind === 'decision') {
    const note = field('note') === '' ? '' : `: ${field('note')}`;
    const reason = ['', 'none'].includes(field('reason')) ? '' : ` (${field('reason').replaceAll('_', ' ')})`;
    const to = field('assignee') === '' ? '' : ` to ${field('assignee')}`;
    return `${field('by')}, ${field('verdict')}${to}${reason}${note}`;
  }
  if (kind === 'action') {
    const by = ['', 'playbook'].includes(field('decidedBy')) ? '' : ` by ${field('decidedBy')}`;
    return `${plainWords(field('type'))}: ${field('state').replaceAll('_', ' ')}${by}`;
  }
  return `Version ${version ?? 1}: ${field('state')}, severity ${field('severity')}, because of ${field('changedBy').replaceAll('_', ' ')}`;
};
