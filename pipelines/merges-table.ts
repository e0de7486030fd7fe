import type { PlanMerge } from '../domain/plan-merge.ts';
import { table, type TableSpec } from '../operators/broadcast-table.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import type { Flow, Keyed } from '../runtime/flow.ts';

const FORGOTTEN_AFTER = '120d';
const FORGET_MS = 120 * 86_400_000;

/**
 * What plans say of merging, where it is news: A is merged into B, then into C, then stands for itself again → three rows; the
 * plans of a shipment that was never merged → none. Of two plans the one that was made later counts, whichever was heard
 * last. State: what the latest plan of each shipment says.
 */
export const planMerges = (told: Keyed<PlanMerge>): Keyed<PlanMerge> =>
  keyedProcess('merges', {
    inputs: { told: told.rekey('by-shipment', 'shipmentId') },
    emits: rowsOf<PlanMerge>(),
    initial: null as Pick<PlanMerge, 'into' | 'at'> | null,
    ttl: FORGOTTEN_AFTER,
    on: {
      told: (merge, context) => {
        const { into, at } = merge;
        const before = context.state;
        if (before !== null && before.at > at) return;
        context.set({ into, at });
        if (into !== (before?.into ?? null)) context.emit(merge);
      },
    },
  });

/** Merges that hold, by the shipment that was merged; one that no longer does is gone from the table. */
export const mergesTable = (merges: Flow<PlanMerge>): TableSpec<PlanMerge> =>
  table(merges, {
    key: ({ shipmentId }) => shipmentId,
    until: ({ into, heardAt }) => (into === null ? heardAt : heardAt + FORGET_MS),
  });
