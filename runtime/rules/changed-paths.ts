import type { Playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';

type Content = Pick<Rules, 'taxonomy' | 'sla' | 'playbooks' | 'detection'>;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Where two values differ: `steps[2].costMinor 18000 → 20000`. */
export function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (Object.is(before, after)) return;
  if (!isRecord(before) || !isRecord(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield `${path} ${shown(before)} → ${shown(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const inner = Array.isArray(before)
      ? `${path}[${key}]`
      : /[ /]$/.test(path)
        ? `${path}${key}`
        : `${path}.${key}`;
    yield* differences(before[key], after[key], inner);
  }
}

/** Playbooks by file name, as far as one can tell; a later version of one stands beside the earlier one. */
const byFile = (playbooks: readonly Playbook[]): Readonly<Record<string, Playbook>> =>
  Object.fromEntries(
    playbooks.map((playbook) => [
      `${playbook.name}.yaml${playbook.effectiveFrom === undefined ? '' : ` (from ${playbook.effectiveFrom})`}`,
      playbook,
    ]),
  );

/**
 * What differs between two sets of rules, by file and place, for the record of who changed what:
 * `sla.yaml tiers.standard.graceMin 120 → 90`, `playbooks/damage.yaml steps[1].guard.minSeverity 60 → 70`.
 */
export const changedPaths = (before: Content, after: Content): readonly string[] => {
  const playbooks = [byFile(before.playbooks), byFile(after.playbooks)] as const;
  const changes = [
    ...differences(before.taxonomy, after.taxonomy, 'taxonomy.yaml '),
    ...differences(before.sla, after.sla, 'sla.yaml '),
    ...differences(before.detection, after.detection, 'detection.yaml '),
  ];
  for (const file of new Set([...Object.keys(playbooks[0]), ...Object.keys(playbooks[1])])) {
    const [was, is] = [playbooks[0][file], playbooks[1][file]];
    if (was === undefined) changes.push(`playbooks/${file} is new`);
    else if (is === undefined) changes.push(`playbooks/${file} is gone`);
    else changes.push(...differences(was, is, `playbooks/${file} `));
  }
  return changes;
};
