/**
 * One decision about one step of a playbook on one exception: taken or withheld, with the probability with which the
 * policy took it, and how it ended. The unit of every estimate of what interventions do.
 */
export interface EffectRow {
  readonly actionId: string;
  readonly category: string;
  readonly actionType: string;
  readonly playbook: string;
  readonly step: string;
  /** What may have hit many at once, such as one storm; null stands for a case of its own. */
  readonly causeId: string | null;
  readonly shipmentId: string;
  /**
   * False when chance or a person withheld it. True when it left the house; and, where chance decides, when chance let it
   * go ahead, whatever became of it.
   */
  readonly treated: boolean;
  /** P(treated) as logged when it was decided; null where people decided. */
  readonly propensity: number | null;
  /** What was known before the decision, for the outcome model: severity, probability, lead time, value, tier. */
  readonly covariates: readonly number[];
  readonly breached: boolean;
  readonly minutesLate: number | null;
  /** The customer asked after the decision. */
  readonly asked: boolean;
}

export const effectOutcomes = ['breach_rate', 'minutes_late', 'contact_rate'] as const;
export type EffectOutcome = (typeof effectOutcomes)[number];

/** What an action does to an outcome, with its doubt; or in words why nobody can tell yet. */
export interface EffectEstimate {
  readonly category: string;
  readonly actionType: string;
  /** Both null where all playbooks and steps that take the action are counted together. */
  readonly playbook: string | null;
  readonly step: string | null;
  readonly outcome: EffectOutcome;
  /** Always an estimate: an avoided breach cannot be observed. Null where too little is known. */
  readonly estimand: string;
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly method: 'doubly_robust' | 'inverse_propensity' | 'none';
  /** Who decided: chance, which makes arms alike, or people, who had reasons; none where there is nothing to compare. */
  readonly evidence: 'randomised' | 'observational' | 'none';
  readonly treated: number;
  readonly withheld: number;
  /** Independent cases: exceptions of one cause count as one. */
  readonly clusters: number;
  /** In words: what was compared, or why it cannot be said, such as `not enough cases`. */
  readonly says: string;
}
