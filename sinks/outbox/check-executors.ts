import type { ActionType } from '../../domain/action.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

/** Something that rules may send to a destination. */
export interface WantedAction {
  readonly destination: string;
  readonly type: ActionType;
  readonly template: string;
  /** Where it is asked for, such as `playbook "delay" step "expedite"`. */
  readonly place: string;
}

/** What a destination can be asked for; a kind that takes every action has none. */
export interface Executor {
  readonly kind: string;
  covers(type: ActionType, template: string): boolean;
  /** What to do about an action that it does not cover. */
  mend(type: ActionType): string;
}

/** Kinds that tell what happened and cannot be asked to do anything: X12 214, OTM tracking events. */
const told: ReadonlySet<ActionType> = new Set([
  'notify_customer',
  'notify_consignee',
  'notify_carrier',
  'escalate',
]);

export const tellsOnly = (kind: string): Executor => ({
  kind,
  covers: (type) => told.has(type),
  mend: () =>
    `it only tells what happened (${[...told].join(', ')}); name another destination or set authority: recommend`,
});

/** FW101 for the first action that its destination cannot execute: it would fail when it is needed. */
export const checkExecutors = (
  wanted: Iterable<WantedAction>,
  executors: Readonly<Record<string, Executor>>,
): void => {
  for (const { destination, type, template, place } of wanted) {
    const executor = executors[destination];
    if (executor === undefined || executor.covers(type, template)) continue;
    throw new ForewarnError(
      'FW101',
      `${place}: destination "${destination}" of kind ${executor.kind} cannot execute ${type} with template ${template}; ${executor.mend(type)}`,
    );
  }
};
