import type { Explanation } from '../domain/explanation.ts';

/** What the models in force say of the rows of one question. What no model says is null. */
export interface Answers {
  /** The version whose risk is judged, and from which risk on it alarms. */
  readonly modelVersion: string;
  readonly threshold: number;
  /** All versions that spoke. */
  readonly modelVersions: readonly string[];
  /** Probability of being late, by row. */
  readonly risk: Float32Array;
  /** Minutes after the expected arrival: rows × levels, levels ascending. */
  readonly eta: { readonly levels: readonly number[]; readonly minutes: Float32Array } | null;
  /** rows × labels. */
  readonly cause: { readonly labels: readonly string[]; readonly probabilities: Float32Array } | null;
  /** By category of the taxonomy, by row. */
  readonly risks: readonly { readonly category: string; readonly risk: Float32Array }[];
}

/** What a version in shadow would have said. */
export interface ShadowAnswer {
  readonly modelVersion: string;
  readonly risk: Float32Array;
}

/** Answers of an external scorer; set up by the wiring, never by a definition. */
export interface ScorerService {
  readonly modelVersion: string;
  readonly threshold: number;
  readonly columns: number;
  /**
   * By all models in force, or by the versions that are named, as a replay does. The matrix must not change before the
   * answer, which names the versions that gave it: between question and answer others may have come into force.
   */
  score(matrix: Float32Array, rows: number, versions?: readonly string[]): Promise<Answers>;
  /** Left out, or empty, where nothing is in shadow. Rejects when it is late: nobody waits for a shadow. */
  readonly shadow?: (matrix: Float32Array, rows: number) => Promise<readonly ShadowAnswer[]>;
  /** Why that version said so of one row; says what there is no explanation for, and never rejects. */
  readonly explain?: (features: Float32Array, modelVersion: string) => Promise<Explanation>;
}

/** Answers of one model that says a risk and nothing else. */
export const riskAlone = (modelVersion: string, threshold: number, risk: Float32Array): Answers => ({
  modelVersion,
  threshold,
  modelVersions: [modelVersion],
  risk,
  eta: null,
  cause: null,
  risks: [],
});
