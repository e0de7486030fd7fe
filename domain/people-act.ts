import type { ActionType } from './action.ts';
import type { TmsChange } from './tms-change.ts';

/** The playbook, by name, of what people did by themselves in the TMS: its steps are the kinds of change. */
export const PEOPLE = 'people';

/** Which of our actions a change of people is the same as; null for what none of ours does. */
export const actOf: Readonly<Record<TmsChange['what'], ActionType | null>> = {
  rebooked: 'rebook',
  expedited: 'expedite',
  rerouted: 'reroute',
  appointment_moved: 'reschedule_appointment',
  held: 'hold',
  split: 'split_order',
  claim_opened: 'open_claim',
  released: null,
  cancelled: null,
  reason_set: null,
  note_set: null,
  claim_settled: null,
  delivered_by_hand: null,
};
