import { liveForMs } from '../domain/follow.ts';
import {
  type LabelCase,
  labelsOf,
  maturesAt,
  noLabelCase,
  withAction,
  withOutcome,
  withPrediction,
  withTrouble,
} from '../domain/label-case.ts';
import type { Labelled } from '../domain/labelled.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { actions, exceptions, labelled, outcomes, predictions } from './topics.ts';

/** As long as a case of `resolve`, after its labels were told: what comes later corrects nothing any more. */
const KEPT_AFTER_LABEL_MS = 14 * 86_400_000;

/**
 * What came of each prediction: late or not, once that is known and all of the shipment's cohort could be, with what was
 * done about it meanwhile. A shipment under way has no row; what is corrected later has the next version. State: a
 * shipment's predictions without their features, its treatments and what was detected, until two weeks after its label.
 */
export const labels = () =>
  pipeline('labels', { from: { predictions, exceptions, actions, outcomes } }, (from) => {
    const told = keyedProcess('label', {
      inputs: {
        predictions: from.predictions.keyBy('shipmentId'),
        exceptions: from.exceptions.keyBy('shipmentId'),
        actions: from.actions.keyBy('shipmentId'),
        outcomes: from.outcomes.keyBy('shipmentId'),
      },
      emits: rowsOf<Labelled>(),
      initial: noLabelCase,
      on: {
        predictions: (prediction, context) => {
          keep(withPrediction(context.state, prediction), context);
          context.timer('forget', Math.max(context.now, prediction.promisedAt) + liveForMs);
        },
        exceptions: (exception, context) => keep(withTrouble(context.state, exception), context),
        actions: (action, context) => keep(withAction(context.state, action), context),
        outcomes: (outcome, context) => {
          keep(withOutcome(context.state, outcome), context);
          context.timer('forget', Math.max(context.now, outcome.promisedAt) + KEPT_AFTER_LABEL_MS);
        },
      },
      onTimer: (name, context) => {
        if (name === 'forget') return context.drop();
        const { state, rows } = labelsOf(context.state, context.key, context.now);
        context.set(state);
        rows.forEach(context.emit);
      },
    });
    return [told.to(labelled)];
  });

/** Whatever came after the end may correct the labels: they are looked at once no row of this moment is left. */
const keep = (
  state: LabelCase,
  context: {
    readonly state: LabelCase;
    readonly set: (state: LabelCase) => void;
    readonly timer: (name: string, at: number | null) => void;
  },
): void => {
  if (state === context.state) return;
  context.set(state);
  context.timer('label', maturesAt(state));
};
