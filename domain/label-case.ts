import type { Action } from './action.ts';
import type { ShipmentException } from './exception.ts';
import { type Labelled, MATURE_MS } from './labelled.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import { sameContent } from './same-content.ts';
import { type Treatment, treatedBetween, treatmentsAfter } from './treatment.ts';

/** A prediction without its features, which are not kept twice. */
type Said = Pick<
  Prediction,
  'id' | 'at' | 'heardAt' | 'stage' | 'modelVersion' | 'answered' | 'probability' | 'threshold'
> & { readonly shadow: Labelled['shadow'] };

interface Trouble {
  readonly category: string;
  readonly cause: string;
  readonly severity: number;
  readonly detectedAt: number;
}

/** What is kept of a shipment until all its predictions are labelled, and for corrections after that. */
export interface LabelCase {
  readonly predictions: readonly Said[];
  readonly treatments: readonly Treatment[];
  /** By exception; only what was detected and not withdrawn. */
  readonly troubles: Readonly<Record<string, Trouble>>;
  readonly outcome: Pick<
    Outcome,
    | 'heardAt'
    | 'at'
    | 'customerId'
    | 'tier'
    | 'carrier'
    | 'lane'
    | 'service'
    | 'promisedAt'
    | 'deliveredAt'
    | 'minutesLate'
    | 'reportedReason'
  > | null;
  /** What was told last, by prediction. */
  readonly told: Readonly<Record<string, Labelled>>;
}

export const noLabelCase: LabelCase = {
  predictions: [],
  treatments: [],
  troubles: {},
  outcome: null,
  told: {},
};

/** Of a shipment that is scored again and again, as by a storm that is told anew each hour, the latest are labelled. */
const MOST_PREDICTIONS = 64;

export const withPrediction = (
  before: LabelCase,
  prediction: Prediction & { readonly shadow?: Labelled['shadow'] },
): LabelCase => {
  const { id, at, heardAt, stage, modelVersion, answered, probability, threshold, shadow } = prediction;
  const said = { id, at, heardAt, stage, modelVersion, answered, probability, threshold, shadow };
  return { ...before, predictions: [...before.predictions, said].slice(-MOST_PREDICTIONS) };
};

/** The same case where the action is no treatment. */
export const withAction = (before: LabelCase, action: Action): LabelCase => {
  const treatments = treatmentsAfter(before.treatments, action);
  return treatments === before.treatments ? before : { ...before, treatments };
};

/** The same case where nothing was detected. */
export const withTrouble = (before: LabelCase, exception: ShipmentException): LabelCase => {
  const { id, kind, state, category, cause, severity, heardAt } = exception;
  const known = Object.hasOwn(before.troubles, id) ? before.troubles[id] : undefined;
  if (state === 'withdrawn') {
    const { [id]: gone, ...others } = before.troubles;
    return gone === undefined ? before : { ...before, troubles: others };
  }
  if (kind !== 'detected') return before;
  if (known?.cause === cause && known.severity === severity) return before;
  const trouble = { category, cause, severity, detectedAt: known?.detectedAt ?? heardAt };
  return { ...before, troubles: { ...before.troubles, [id]: trouble } };
};

export const withOutcome = (before: LabelCase, outcome: Outcome): LabelCase => {
  const { heardAt, at, customerId, tier, carrier, lane, service } = outcome;
  const { promisedAt, deliveredAt, minutesLate, reportedReason } = outcome;
  const known = { heardAt, at, customerId, tier, carrier, lane, service };
  return {
    ...before,
    outcome: { ...known, promisedAt, deliveredAt, minutesLate, reportedReason },
  };
};

/**
 * Log time from which on its labels count; null before it has ended. Promised on the 10th: delivered on the 9th or the
 * 11th → the 13th; delivered on the 20th → the 20th, when that is heard.
 */
export const maturesAt = ({ outcome }: LabelCase): number | null =>
  outcome === null ? null : Math.max(outcome.heardAt, outcome.promisedAt + MATURE_MS);

const causeOf = ({ troubles, outcome }: LabelCase, late: boolean): string => {
  if (!late) return 'none';
  const gravest = Object.values(troubles)
    .filter(({ cause }) => cause !== 'none')
    .reduce<Trouble | null>((most, one) => (one.severity > (most?.severity ?? -1) ? one : most), null);
  return outcome?.reportedReason ?? gravest?.cause ?? 'unknown';
};

/**
 * Labels that are news at log time `now`: the first of each prediction, or the next version of one that what came later
 * has corrected. Predictions that were made after the end had nothing to foresee and get none.
 */
export const labelsOf = (
  before: LabelCase,
  shipmentId: string,
  now: number,
): { readonly state: LabelCase; readonly rows: readonly Labelled[] } => {
  const { outcome } = before;
  const due = maturesAt(before);
  if (outcome === null || due === null || now < due) return { state: before, rows: [] };
  const { deliveredAt, promisedAt, minutesLate, heardAt: knownAt, ...shipment } = outcome;
  const label = deliveredAt === null ? null : deliveredAt > promisedAt ? 1 : 0;
  const rows: Labelled[] = [];
  const told: Record<string, Labelled> = { ...before.told };
  for (const said of before.predictions) {
    const known = told[said.id];
    if (known === undefined && (deliveredAt === null || said.at >= deliveredAt)) continue;
    const { at: endedAt, customerId, tier, carrier, lane, service } = shipment;
    const row: Labelled = {
      id: said.id,
      version: (known?.version ?? 0) + 1,
      at: endedAt,
      heardAt: now,
      shipmentId,
      customerId,
      tier,
      carrier,
      lane,
      service,
      stage: said.stage,
      predictedAt: said.heardAt,
      knownAt,
      modelVersion: said.modelVersion,
      answered: said.answered,
      probability: said.probability,
      threshold: said.threshold,
      shadow: said.shadow,
      promisedAt,
      deliveredAt,
      label: deliveredAt !== null && said.at >= deliveredAt ? null : label,
      minutesLate,
      cause: causeOf(before, label === 1),
      happened: happenedAfter(before, said.heardAt),
      ...treatedBetween(before.treatments, said.heardAt, deliveredAt ?? endedAt),
    };
    if (known !== undefined && sameContent({ ...known, knownAt }, row)) continue;
    told[said.id] = row;
    rows.push(row);
  }
  return { state: rows.length === 0 ? before : { ...before, told }, rows };
};

const happenedAfter = ({ troubles }: LabelCase, from: number): string[] => [
  ...new Set(
    Object.values(troubles)
      .filter(({ detectedAt }) => detectedAt > from)
      .map(({ category }) => category)
      .sort(),
  ),
];
