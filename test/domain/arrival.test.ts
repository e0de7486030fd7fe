import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrivalAfter, awaitedAfterEvent, awaitedAfterPlan, notAwaited } from '../../domain/arrival.ts';
import { advanceCase } from '../../domain/resolution.ts';
import { type CaseEvent, emptyCase, endOf } from '../../domain/shipment-case.ts';
import { effectiveTerms } from '../../domain/sla.ts';
import { rules } from '../rules/shipped-rules.ts';
import { at, event, hubPlan } from './sample-shipment.ts';

/** What may be heard of one shipment: plans that move the promise or call it off, ends, corrections, and what is taken back. */
const happening = fc.oneof(
  fc.record({
    kind: fc.constant('plan' as const),
    promised: fc.integer({ min: 900, max: 1_200 }),
    cancelled: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('end' as const),
    id: fc.constantFrom('e1', 'e2', 'e3'),
    status: fc.constantFrom('delivered', 'delivered', 'returned', 'in_transit'),
    minutes: fc.integer({ min: 900, max: 1_300 }),
    retracts: fc.constantFrom(null, null, 'e1', 'e2', 'e3'),
  }),
);

it('counts a shipment by the same end and the same promise as its outcome, whatever is corrected', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 12 }), (story) => {
      const terms = effectiveTerms(rules.sla, null);
      let known = emptyCase;
      let awaited = notAwaited;
      const sums = new Map<string, number>();
      for (const [index, one] of story.entries()) {
        const now = at(2_000 + index);
        let heard: CaseEvent;
        if (one.kind === 'plan') {
          const plan = hubPlan({ promisedAt: at(one.promised), cancelled: one.cancelled });
          heard = { kind: 'plan', plan };
          awaited = awaitedAfterPlan(awaited, plan);
        } else {
          const row = event(one.id, one.minutes, {
            shipmentId: 'S1',
            status: one.status,
            retracts: one.retracts,
          });
          heard = { kind: 'tracking', event: row };
          awaited = awaitedAfterEvent(awaited, row);
        }
        known = advanceCase(known, heard, { now, rules, contract: null }).case;
        const { state, changes } = arrivalAfter(awaited, terms, now);
        awaited = state;
        for (const { key, shipments } of changes) sums.set(key, (sums.get(key) ?? 0) + shipments);

        const isArrived = known.plan !== null && endOf(known)?.result === 'delivered';
        expect(awaited.counted !== null).toBe(isArrived);
        for (const shipments of sums.values()) expect(shipments).toBe(isArrived ? 1 : 0);
        if (isArrived && known.outcome !== null)
          expect(awaited.counted?.inTime).toBe(known.outcome.deliveredAt! <= known.outcome.promisedAt);
      }
    }),
  );
});
