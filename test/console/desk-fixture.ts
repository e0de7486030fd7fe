import type { Board } from '../../console/board.ts';
import { aCauseRecord, aDecision, aDispatch, anAction, anException, noon } from './rows.ts';

const minute = 60_000;
const hour = 60 * minute;

export const stormId = 'weather:KLOT.BZ.W.0004';

/** A storm over four shipments, one exception that shows everything a line can, and one that is snoozed. */
export const fillDesk = (board: Board): void => {
  for (let n = 1; n <= 4; n += 1) {
    const exceptionId = `storm${n}`;
    const shipmentId = `S-70${n}`;
    board.applyException(
      anException({
        id: exceptionId,
        shipmentId,
        category: 'weather_on_path',
        family: 'environment',
        causeId: stormId,
        severity: 58 + 4 * n,
        customerId: n < 3 ? 'acme-medical' : 'blue-harbor',
        state: n === 1 ? 'acknowledged' : 'open',
        evidence: {
          events: [`scan${n}`],
          alerts: ['urn:oid:2.49.0.1.840.0.5f3a.001.1'],
          ports: [],
          predictions: [],
        },
      }),
    );
    board.applyAction(
      anAction({
        id: `reroute${n}`,
        exceptionId,
        shipmentId,
        type: 'reroute',
        authority: 'approve',
        role: n === 4 ? 'claims' : 'planner',
        state: 'awaiting_approval',
        approvalDueAt: noon + 90 * minute,
        costMinor: 32_000,
      }),
    );
  }
  board.applyCause(aCauseRecord({ id: stormId, firstRaisedAt: noon - 3 * hour }));
  board.applyException(
    anException({
      id: 'rich',
      version: 3,
      shipmentId: 'S-900',
      severity: 83.2,
      severityTerms: { category: 50, lateness: 10, tier: 12, value: 6.2, contents: 6, certainty: 0.988 },
      tier: 'guaranteed',
      contractVersion: 3,
      changedBy: 'contract',
      changedRef: 'contract-acme-3',
      assignee: 'Kim',
      impact: {
        orders: 2,
        lines: 5,
        linesLate: 2,
        valueLateMinor: 1_240_000,
        currency: 'USD',
        customers: ['acme-medical', 'north-clinic'],
        firstDueAt: noon + 2 * hour,
        worstLateMin: 360,
      },
      affectedLines: [
        {
          orderId: 'PO-71',
          lineId: '1',
          customerId: 'acme-medical',
          quantity: 4,
          valueMinor: 840_000,
          dueAt: noon + 2 * hour,
          lateMin: 360,
        },
        {
          orderId: 'PO-71',
          lineId: '2',
          customerId: 'north-clinic',
          quantity: 1,
          valueMinor: 400_000,
          dueAt: noon + 5 * hour,
          lateMin: 180,
        },
        {
          orderId: 'PO-72',
          lineId: '1',
          customerId: 'acme-medical',
          quantity: 9,
          valueMinor: 90_000,
          dueAt: noon + 40 * hour,
          lateMin: 0,
        },
      ],
    }),
  );
  const rich = { exceptionId: 'rich', shipmentId: 'S-900' };
  board.applyAction(
    anAction({
      ...rich,
      id: 'two',
      type: 'expedite',
      authority: 'approve',
      role: 'planner',
      state: 'awaiting_approval',
      approvalsNeeded: 2,
      approvals: [{ by: 'Kim', role: 'planner', at: noon - 10 * minute }],
      approvalDueAt: noon + 40 * minute,
      expiresAt: noon + 3 * hour,
      costMinor: 184_000,
    }),
  );
  board.applyAction(anAction({ ...rich, id: 'held', state: 'due' }));
  board.applyDispatch(
    aDispatch({
      ...rich,
      id: 'held',
      state: 'proposed',
      heldUntil: noon + 4 * hour,
      heldBecause: 'quiet_hours',
    }),
  );
  board.applyAction(anAction({ ...rich, id: 'told', type: 'notify_consignee', state: 'due' }));
  board.applyDispatch(
    aDispatch({ ...rich, id: 'told', state: 'suppressed', suppressedBecause: 'told_already' }),
  );
  board.applyAction(anAction({ ...rich, id: 'chance', type: 'notify_carrier', state: 'held_out' }));
  board.applyAction(
    anAction({ ...rich, id: 'tip', type: 'split_order', state: 'proposed', authority: 'recommend' }),
  );
  board.applyDecision(
    aDecision({
      id: 'n1',
      exceptionId: 'rich',
      shipmentId: 'S-900',
      by: 'Kim',
      note: 'Carrier says the trailer is at Joliet; they call back at ten.',
      heardAt: noon - 5 * minute,
    }),
  );
  board.applyException(
    anException({
      id: 'later',
      shipmentId: 'S-901',
      state: 'snoozed',
      snoozedUntil: noon + 3 * hour,
      severity: 41,
    }),
  );
};
