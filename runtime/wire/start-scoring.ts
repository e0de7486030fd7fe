import { featureNames } from '../../domain/features.ts';
import { columnsOf, projected } from '../../models/columns-of.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { createScorer } from '../../models/scoring/create-scorer.ts';
import type { Scorer } from '../../models/scoring/scorer.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ScorerService } from '../step.ts';

export interface Scoring {
  service(model: string): ScorerService;
  /** Loads the champion again; scores that are under way end with the model that they began with. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface ScoringOptions {
  readonly registry: ModelRegistry;
  readonly model: string;
  /** Another version than the champion. */
  readonly version?: string;
  readonly workers: number;
  readonly timeoutMs: number;
  readonly metrics: Metrics;
  readonly note: (line: string) => void;
}

const UNTRAINED_THRESHOLD = 0.5;
const noColumns = new Int32Array(0);

/**
 * The champion of one model in its workers. While there is none every score is the fallback's, and says so. Throws
 * FW208 or FW601 when there is one and it does not fit.
 */
export const startScoring = async (options: ScoringOptions): Promise<Scoring> => {
  const { registry, model, metrics, note } = options;
  let scorer: Scorer | undefined;
  let columns: Int32Array = noColumns;

  const reload = async (): Promise<void> => {
    const version = options.version ?? (await registry.aliases(model)).champion;
    if (version === null) {
      note(`model "${model}" has no champion: the rule of thumb scores instead`);
      return;
    }
    const registered = await registry.load(model, version, featureNames);
    const next = await createScorer({
      model: registered,
      workers: options.workers,
      timeoutMs: options.timeoutMs,
    });
    await next.warm();
    const before = scorer;
    scorer = next;
    columns = columnsOf(registered.signature, featureNames);
    await before?.close();
  };

  metrics.modelLoaded(model);
  await reload();
  return {
    reload,
    close: async () => scorer?.close(),
    service: (name) => ({
      modelVersion: scorer?.modelVersion ?? `${name}@none`,
      threshold: scorer?.threshold ?? UNTRAINED_THRESHOLD,
      columns: featureNames.length,
      score: async (matrix, rows) => {
        const begun = performance.now();
        try {
          if (scorer === undefined) throw new ForewarnError('FW603', `model "${name}" has no champion`);
          const answers = await scorer.score(projected(matrix, rows, featureNames.length, columns), rows);
          metrics.scored(name, 'model', rows);
          return answers;
        } catch (error) {
          // Whoever asked takes the fallback.
          metrics.scored(name, 'fallback', rows);
          throw error;
        } finally {
          metrics.scoreTook((performance.now() - begun) / 1_000);
        }
      },
    }),
  };
};
