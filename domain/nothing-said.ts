import type { ShipmentException } from './exception.ts';

type Said = 'modelVersions' | 'eta' | 'contributions' | 'unexplained';

/** The fields of signals and exceptions that models fill, where none spoke. */
export const nothingSaid: Pick<ShipmentException, Said> = {
  modelVersions: [],
  eta: null,
  contributions: [],
  unexplained: null,
};
