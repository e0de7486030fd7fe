import type { Playbook } from '../playbook.ts';

/** How often a playbook was chosen in a period. */
export interface PlaybookUse {
  readonly playbook: string;
  readonly exceptions: number;
}

/** What came of one step of it. */
export interface StepUse {
  readonly playbook: string;
  readonly step: string;
  readonly planned: number;
  readonly approved: number;
}

export interface StaleFinding {
  readonly playbook: string;
  /** Null where it is about the playbook as a whole. */
  readonly step: string | null;
  readonly finding: 'never_chosen' | 'guard_never_held' | 'never_approved';
  /** Cases in which it might have been otherwise. */
  readonly of: number;
}

/**
 * What of the rules did nothing in a period: playbooks that matched no exception, steps whose guard held for none of
 * those that they were chosen for, steps that were asked for and never approved.
 */
export const stalePlaybooks = (
  playbooks: readonly Playbook[],
  chosen: readonly PlaybookUse[],
  steps: readonly StepUse[],
): readonly StaleFinding[] => {
  const findings: StaleFinding[] = [];
  const seen = new Set<string>();
  for (const { name, steps: own } of playbooks.toReversed()) {
    // Of several versions the last one speaks for the name.
    if (seen.has(name)) continue;
    seen.add(name);
    const of = chosen.find(({ playbook }) => playbook === name)?.exceptions ?? 0;
    if (of === 0) {
      findings.push({ playbook: name, step: null, finding: 'never_chosen', of: 0 });
      continue;
    }
    for (const { id, authority, after } of own) {
      const use = steps.find(({ playbook, step }) => playbook === name && step === id);
      if (use === undefined || use.planned === 0) {
        // What waits for an earlier step to fail is not stale because none did.
        if (after === undefined) findings.push({ playbook: name, step: id, finding: 'guard_never_held', of });
      } else if (typeof authority === 'object' && use.approved === 0) {
        findings.push({ playbook: name, step: id, finding: 'never_approved', of: use.planned });
      }
    }
  }
  return findings.toSorted((a, b) => (a.playbook < b.playbook ? -1 : a.playbook > b.playbook ? 1 : 0));
};
