import { liveExceptionStates } from './lifecycle.ts';
import type { ShipmentCase } from './shipment-case.ts';

/** Of what a shipment has open, the worst; −1 where it has nothing: 30 and 81.1 open, 95 closed → 81.1. */
export const worstSeverity = ({ exceptions }: Pick<ShipmentCase, 'exceptions'>): number => {
  let worst = -1;
  for (const id in exceptions) {
    const { state, severity } = exceptions[id]!;
    if (severity > worst && liveExceptionStates.has(state)) worst = severity;
  }
  return worst;
};
