import { columns } from './columns.ts';
import type { DecidedAction, DecidedException, DecidedRun } from './decided-run.ts';
import type { SimulatedMessage } from './simulated-run.ts';
import { type Changed, type Differences, isSame, type RunDiff } from './run-diff.ts';

export interface ShownDiff extends RunDiff {
  readonly messages?: Differences<SimulatedMessage>;
}

/** The differences for a terminal: counts, then the first of each kind; `same` where there are none. */
export const formatDiff = (diff: ShownDiff, limit: number, same = 'nothing differs'): string =>
  isSame(diff)
    ? same
    : [
        ...section('exceptions', 'category', diff.exceptions, exceptionWords, limit),
        ...section('actions', 'type', diff.actions, actionWords, limit),
        ...(diff.messages === undefined
          ? []
          : section('messages', 'template', diff.messages, messageWords, limit)),
      ].join('\n');

/** What a run decided, by category and by type. */
export const formatRun = ({ documents, rules, model, exceptions, actions }: DecidedRun): string =>
  [
    `${documents} documents · rules ${rules} · model ${model}`,
    `${exceptions.length} exceptions${counted(exceptions.map(({ category }) => category))}`,
    `${actions.length} actions${counted(actions.map(({ type }) => type))}`,
  ].join('\n');

const counted = (groups: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([group, n]) => `${group} ${n}`);
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
};

const section = <T>(
  what: string,
  by: string,
  { added, removed, changed, counts }: Differences<T>,
  wordsOf: (row: T) => string,
  limit: number,
): readonly string[] => {
  const lines = [`${what}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`];
  if (Object.keys(counts).length === 0) return lines;
  const cells = Object.entries(counts).map(([group, n]) =>
    [group, n.added, n.removed, n.changed, n.all].map(String),
  );
  lines.push(indented(columns([by, 'added', 'removed', 'changed', 'now'], cells)));
  const some = (sign: string, rows: readonly string[]): void => {
    for (const row of rows.slice(0, limit)) lines.push(`  ${sign} ${row}`);
    if (rows.length > limit) lines.push(`  ${sign} … and ${rows.length - limit} more`);
  };
  some('+', added.map(wordsOf));
  some('-', removed.map(wordsOf));
  some(
    '~',
    changed.map((change) => `${wordsOf(change.now)}: ${changeWords(change)}`),
  );
  return lines;
};

const exceptionWords = ({ id, shipmentId, category, kind, severity, state }: DecidedException): string =>
  `${category} of ${shipmentId}, ${kind}, severity ${severity}, ${state} (${id})`;

const actionWords = ({ id, shipmentId, type, playbook, step, authority, state }: DecidedAction): string =>
  `${type} for ${shipmentId} by ${playbook}/${step}, ${authority}, ${state} (${id})`;

const messageWords = ({ id, template, customerId, destination, state }: SimulatedMessage): string =>
  `${template} to ${customerId ?? 'nobody'} by ${destination ?? 'nothing'}, ${state} (${id})`;

const changeWords = <T>({ changes }: Changed<T>): string =>
  changes.map(({ field, before, now }) => `${field} ${shown(before)} → ${shown(now)}`).join(', ');

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
