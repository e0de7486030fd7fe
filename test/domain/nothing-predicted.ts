import { nothingSaid } from '../../domain/nothing-said.ts';
import type { Prediction } from '../../domain/prediction.ts';

/** The fields of a prediction that models fill, where none spoke. */
export const nothingPredicted: Pick<Prediction, keyof typeof nothingSaid | 'cause' | 'risks' | 'shadow'> = {
  ...nothingSaid,
  cause: null,
  risks: {},
  shadow: [],
};
