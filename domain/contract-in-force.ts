import type { Contract } from './contract.ts';
import { inForce } from './sla.ts';

/** Of a customer's contracts in force at a time, the one that began last. */
export const contractInForce = (contracts: readonly Contract[], at: number): Contract | null =>
  contracts.reduce<Contract | null>((best, one) => {
    if (!inForce(one, at)) return best;
    return best === null || one.effectiveFrom >= best.effectiveFrom ? one : best;
  }, null);
