import type { Action } from './action.ts';

/** Steps that say of an alert that was opened before how it goes on: that somebody has seen it, and that it is over. */
export const acknowledgeStep = 'acknowledge:';
export const standDownStep = 'stand_down:';

export const isAcknowledgement = ({ step }: Pick<Action, 'step'>): boolean =>
  step.startsWith(acknowledgeStep);
export const isStandDown = ({ step }: Pick<Action, 'step'>): boolean => step.startsWith(standDownStep);
