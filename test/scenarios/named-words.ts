import type { ActionResult } from '../../domain/action.ts';
import { exceptionIdOf } from '../../domain/case-signals.ts';
import type { Decision } from '../../domain/decision.ts';
import { actionIdOf } from '../../domain/plan-steps.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { Named, Word } from './scenario.ts';

/** Ids are made of what things are, so that people need not know them. */
export const exceptionOf = ({ shipmentId, leg, category, episode }: Named): string =>
  exceptionIdOf(shipmentId, leg, category, episode);

export const actionOf = (of: Named): string => {
  const { playbook, step } = of;
  if (playbook === undefined || step === undefined)
    throw new Error(`${JSON.stringify(of)}: name the playbook and the step`);
  return actionIdOf(exceptionOf(of), playbook, step);
};

/** The decision as the desk writes it to the log. */
export const decisionOf = ({ of, ...said }: Extract<Word, { type: 'decision' }>): Decision => {
  const { heardAt, verdict, by, roles } = said;
  const id = stableId('scenario', heardAt, JSON.stringify(of), verdict, by);
  return {
    id,
    at: heardAt,
    heardAt,
    source: { feed: 'console', document: id, position: 0, decoder: 'console', mapping: null },
    shipmentId: of.shipmentId,
    exceptionId: exceptionOf(of),
    actionId: of.step === undefined ? null : actionOf(of),
    verdict,
    by,
    roles,
    until: null,
    assignee: null,
    causeId: null,
    reason: 'none',
    note: '',
  };
};

/** The result as the outbox writes it to the log. */
export const resultOf = ({ of, heardAt, result }: Extract<Word, { type: 'result' }>): ActionResult => ({
  id: stableId('scenario', actionOf(of), result),
  at: heardAt,
  heardAt,
  actionId: actionOf(of),
  shipmentId: of.shipmentId,
  exceptionId: exceptionOf(of),
  result,
  attempts: 1,
  httpStatus: null,
  error: null,
});
