import type { MaturedPair } from '../../../models/promotion/matured-pair.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

export interface PairsOptions {
  readonly shipments: number;
  /** Rows of each shipment. */
  readonly rows: number;
  /** Of the log-odds of each version, beside the true ones. */
  readonly incumbentNoise: number;
  readonly candidateNoise: number;
  readonly seed: number;
  /** Added to the candidate's log-odds. */
  readonly candidateBias?: number;
  readonly segment?: string;
}

/** Shipments whose true risk is known, seen by two versions that are wrong by so much. */
export const pairsOf = (options: PairsOptions): readonly MaturedPair[] => {
  const {
    shipments,
    rows,
    incumbentNoise,
    candidateNoise,
    seed,
    candidateBias = 0,
    segment = 'UPSN',
  } = options;
  const random = seededRandom(seed * 7_919 + 13);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const chance = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
  return Array.from({ length: shipments }, (_, shipment) => {
    const truth = normal() * 1.5 - 0.5;
    const label: 0 | 1 = random() < chance(truth) ? 1 : 0;
    return Array.from({ length: rows }, () => ({
      shipmentId: `${segment}-${shipment}`,
      segment,
      label,
      weight: 1,
      incumbent: chance(truth + normal() * incumbentNoise),
      candidate: chance(truth + normal() * candidateNoise + candidateBias),
    }));
  }).flat();
};
