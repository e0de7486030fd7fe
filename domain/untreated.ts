import type { Labelled } from './labelled.ts';

/** Weights past this say more about one row than about the shipments that it stands for. */
export const MOST_WEIGHT = 20;

/**
 * How many untreated shipments a labelled prediction stands for, so that those together are like all: none where it was
 * treated, for nobody knows how it would have ended; 1 ÷ (1 − propensity) where chance spared it, at most 20; 1 where there
 * was nothing to decide, and where people decided, whose reasons are not known (Horvitz and Thompson 1952).
 *
 *     propensity .8: treated → 0, held out → 5 · no treatment planned → 1
 */
export const untreatedWeight = ({ treated, propensity }: Pick<Labelled, 'treated' | 'propensity'>): number =>
  treated ? 0 : Math.min(MOST_WEIGHT, 1 / (1 - Math.min(propensity ?? 0, 1)));
