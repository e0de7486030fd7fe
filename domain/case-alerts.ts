import type { Action } from './action.ts';
import { acknowledgeStep, isStandDown, standDownStep } from './alert-steps.ts';
import { begin } from './case-actions.ts';
import { actionsOf, type CaseWork, moveAction } from './case-work.ts';
import type { ShipmentException } from './exception.ts';
import { liveExceptionStates, pendingActionStates } from './lifecycle.ts';
import { actionIdOf, plainStep } from './plan-steps.ts';

const left: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);

/**
 * What a person was called for and is over must not keep them awake: a receiver that keeps an alert open until it hears
 * of the end, such as PagerDuty, is told once an exception has been resolved, closed or withdrawn, and something about it
 * has left there; and, while it lasts, that somebody has acknowledged it at the desk. One word for the last of what left,
 * since all of an exception is one alert. An exception that comes back takes away a stand-down that has not left yet, and
 * has another one when it ends again.
 */
export const followAlerts = (work: CaseWork, exception: ShipmentException): void => {
  const own = actionsOf(work, exception.id).filter(({ destination }) =>
    work.keepsOpen.has(destination ?? ''),
  );
  const isLive = liveExceptionStates.has(exception.state);
  if (isLive)
    for (const action of own)
      if (isStandDown(action) && pendingActionStates.has(action.state)) moveAction(work, action, 'cancel');
  for (const alert of lastByDestination(own)) {
    if (!isLive) tell(work, exception, alert, standDownStep, `${alert.id}>${exception.reopenedAt ?? 0}`);
    else if (wasSeen(exception, alert)) tell(work, exception, alert, acknowledgeStep, alert.id);
  }
};

/** What came up after somebody had acknowledged the exception is for somebody to see again. */
const wasSeen = ({ state, acknowledgedAt }: ShipmentException, alert: Action): boolean =>
  state !== 'open' && acknowledgedAt !== null && (alert.dueAt ?? alert.at) <= acknowledgedAt;

/** The last that opened an alert at each receiver, or went into the one that is open. */
const lastByDestination = (own: readonly Action[]): readonly Action[] => {
  const last = new Map<string | null, Action>();
  for (const action of own)
    if (left.has(action.state) && (action.compensates ?? null) === null) last.set(action.destination, action);
  return [...last.values()];
};

const tell = (
  work: CaseWork,
  exception: ShipmentException,
  alert: Action,
  step: typeof standDownStep | typeof acknowledgeStep,
  about: string,
): void =>
  begin(work, exception, alert.playbook, {
    ...plainStep,
    id: actionIdOf(exception.id, step, about),
    step: `${step}${alert.step}`,
    type: alert.type,
    destination: alert.destination,
    template: alert.template,
    mandatory: true,
    compensates: alert.id,
  });
