import { bidsOf } from './of-kind.ts';
import type { Oracle } from './oracle.ts';

export const q2: Oracle = (events) =>
  bidsOf(events)
    .filter(({ auction }) => auction % 123 === 0)
    .map(({ auction, price }) => [auction, price]);
