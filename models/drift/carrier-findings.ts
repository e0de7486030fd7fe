import type { CarrierShift } from './carrier-watch.ts';
import type { Finding } from './finding.ts';

/**
 * A carrier that is worse over all its lanes is another world than the model has learned: retraining grade. One cell
 * that is worse is a warning; the model has the on-time rate of the carrier as a feature and follows by itself.
 */
export const carrierFinding = (shift: CarrierShift): Finding => {
  const { carrier, cell, at, since, labels, late, expectedLate } = shift;
  const where = [
    carrier,
    ...(cell === null ? [] : [`on ${cell.lane}`]),
    ...(cell === null || cell.service === null ? [] : [`with ${cell.service}`]),
  ].join(' ');
  return {
    kind: cell === null ? 'carrier-shift' : 'cell-shift',
    subject: where,
    grade: cell === null ? 'retrain' : 'warning',
    at,
    since,
    text: `${where} is late more often: ${late} of ${labels}, where ${expectedLate.toFixed(1)} are usual under the same circumstances`,
    numbers: { labels, late, expectedLate },
  };
};
