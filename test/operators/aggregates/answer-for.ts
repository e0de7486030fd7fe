import type { Aggregate } from '../../../operators/aggregates/aggregate.ts';
import { fieldRows } from './law-rows.ts';
import { holder } from './state-holder.ts';

/** What an aggregate answers for values that come one after the other in time. */
export const answerFor = (aggregate: Aggregate<never, unknown>, values: readonly unknown[]): unknown => {
  const state = holder(aggregate);
  state.add(fieldRows(values.map((v, index) => ({ at: index, heardAt: index, v }))), 0, values.length);
  return state.result();
};
