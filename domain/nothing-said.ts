import type { ShipmentException } from './exception.ts';
import type { Prediction } from './prediction.ts';

type Said = 'modelVersions' | 'eta' | 'contributions' | 'unexplained';

/** The fields of signals and exceptions that models fill, where none spoke. */
export const nothingSaid: Pick<ShipmentException, Said> = {
  modelVersions: [],
  eta: null,
  contributions: [],
  unexplained: null,
};

/** Those of predictions. */
export const nothingPredicted: Pick<Prediction, Said | 'cause' | 'risks' | 'shadow'> = {
  ...nothingSaid,
  cause: null,
  risks: {},
  shadow: [],
};
