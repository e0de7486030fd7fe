/** What a finding asks for: to be shown, to be looked at, or a new model. */
export type DriftGrade = 'note' | 'warning' | 'retrain';

export type DriftKind =
  | 'error-shift'
  | 'error-creep'
  | 'estimated-quality'
  | 'block-detector'
  | 'feature-drift'
  | 'missing-values'
  | 'unseen-categories'
  | 'carrier-shift'
  | 'cell-shift'
  | 'new-codes';

/** One thing that has moved, with its numbers and what they do not say. Plain data. */
export interface Finding {
  readonly kind: DriftKind;
  /** What moved: a model's version, a feature, a carrier, a code. With the kind it makes one alarm of many findings. */
  readonly subject: string;
  readonly grade: DriftGrade;
  /** When it was known. */
  readonly at: number;
  /** When it seems to have begun; the time of knowing where nothing tells. */
  readonly since: number;
  readonly text: string;
  readonly numbers: Readonly<Record<string, number>>;
}
