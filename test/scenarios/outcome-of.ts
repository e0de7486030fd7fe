import type { Action } from '../../domain/action.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { shipmentsOf } from './own-names.ts';
import type { Played } from './play-scenarios.ts';
import type { Scenario } from './scenario.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What says nothing is left out, so that a golden file shows only what there is. */
const said = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== null &&
        value !== undefined &&
        value !== false &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );

/** As it stood at `until`: the last version of each, of the shipments asked for. */
const lastOf = <T extends { readonly id: string; readonly heardAt: number; readonly shipmentId: string }>(
  rows: readonly T[],
  shipments: ReadonlySet<string>,
  until: number,
): readonly T[] => [
  ...new Map(
    rows
      .filter(({ shipmentId, heardAt }) => shipments.has(shipmentId) && heardAt <= until)
      .map((row) => [row.id, row]),
  ).values(),
];

const inOrder = (rows: readonly Fields[]): readonly Fields[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);

/** What an action or a dispatch is about, in words instead of ids. */
const about = ({ shipmentId, playbook, step }: Action) => ({ shipment: shipmentId, playbook, step });

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const exceptionLine = (exception: ShipmentException, versions: readonly ShipmentException[]): Fields => {
  const { firstDueAt, ...impact } = exception.impact;
  const changes = versions.map(({ changedBy }) => changedBy);
  return said({
    shipment: exception.shipmentId,
    category: exception.category,
    kind: exception.kind,
    severity: exception.severity,
    tier: exception.tier,
    state: exception.state,
    playbook: exception.playbook,
    probability: exception.probability === null ? null : Number(exception.probability.toFixed(2)),
    cause: exception.causeId,
    impact: impact.orders === 0 ? null : { ...impact, firstDueAt: timeOf(firstDueAt) },
    contractVersion: exception.contractVersion,
    changedBy: changes.filter((change, index) => change !== changes[index - 1]),
  });
};

const actionLine = (action: Action, exceptions: ReadonlyMap<string, ShipmentException>): Fields =>
  said({
    ...about(action),
    category: exceptions.get(action.exceptionId)?.category,
    type: action.type,
    authority: action.authority,
    state: action.state,
    role: action.role,
    approvedBy: action.approvals.map(({ by }) => by),
    approvalsNeeded: action.approvalsNeeded > 1 ? action.approvalsNeeded : null,
    destination: action.destination,
    template: action.template,
    news: action.news,
    mandatory: action.mandatory,
    propensity: action.propensity === 1 ? null : action.propensity,
    makesGood: action.compensates !== null,
    cause: action.causeId,
  });

const dispatchLine = (dispatch: Dispatch): Fields =>
  said({
    ...about(dispatch),
    state: dispatch.state,
    dueAt: timeOf(dispatch.dueAt),
    heldBecause: dispatch.heldBecause,
    heldUntil: timeOf(dispatch.heldUntil),
    suppressedBecause: dispatch.suppressedBecause,
    to: dispatch.recipients.map(({ id }) => id),
    speaksFor: dispatch.covers.map(({ shipmentId }) => shipmentId).sort(),
  });

/** What was decided for a scenario up to its `until`, without ids and clocks of ours, in a fixed order. */
export const outcomeOf = (scenario: Scenario, played: Played) => {
  const shipments = shipmentsOf(scenario);
  const until = Date.parse(scenario.meaning.until);
  const now = lastOf(played.exceptions, shipments, until);
  const byId = new Map(now.map((exception) => [exception.id, exception]));
  const versionsOf = ({ id }: ShipmentException) =>
    played.exceptions.filter((one) => one.id === id && one.heardAt <= until);
  return {
    exceptions: inOrder(now.map((exception) => exceptionLine(exception, versionsOf(exception)))),
    actions: inOrder(lastOf(played.actions, shipments, until).map((action) => actionLine(action, byId))),
    dispatches: inOrder(lastOf(played.dispatches, shipments, until).map(dispatchLine)),
  };
};
