import { noExplanation } from '../../domain/explanation.ts';
import { featureNames } from '../../domain/features.ts';
import { isServedBeside } from '../../domain/models-in-force.ts';
import type { TimesOfSize } from '../../domain/scoring-time.ts';
import { createExplainer } from '../../models/explain/create-explainer.ts';
import { columnsOf, projected } from '../../models/columns-of.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { answersOf } from '../../models/scoring/answers-of.ts';
import { createScorer } from '../../models/scoring/create-scorer.ts';
import type { Scorer } from '../../models/scoring/scorer.ts';
import { rulesBeside } from '../../models/scoring/rules-beside.ts';
import { ScoringTimes } from '../../models/scoring/scoring-times.ts';
import { VersionSets } from '../../models/scoring/version-sets.ts';
import type { ServedModel } from '../../models/scoring/worker-models.ts';
import { versionName } from '../../models/signature.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ScorerService, ShadowAnswer } from '../scorer-service.ts';

export interface Scoring {
  /** Of the model whose risk is judged, with all that are served beside it. */
  service(model: string): ScorerService;
  /**
   * Looks at the aliases again. What came into force is opened beside what is; then the next question goes to it, and the
   * old one leaves after its last answer.
   */
  reload(): Promise<void>;
  /** Told when what scores may be another. Returns the way to stop it. */
  onReload(listener: () => void): () => void;
  /** How long versions took to score since the last call, champions and shadows alike. */
  takeTimes(): readonly TimesOfSize[];
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

/** Rows that may wait for a shadow; it is nobody's loss when more are left out. */
const SHADOW_ROWS = 1_024;

/**
 * The champions of all families in their workers, and beside them, in a thread of its own, what is in shadow. While the
 * judged model has no champion every score is the fallback's, and says so. Throws FW208 or FW601 when there is one and it
 * does not fit.
 */
export const startScoring = async (options: ScoringOptions): Promise<Scoring> => {
  const { registry, model, metrics, note, timeoutMs } = options;
  const explainer = createExplainer(timeoutMs);
  const served = new Map<string, ServedModel>();
  const times = new ScoringTimes();

  const load = async (name: string): Promise<ServedModel> => {
    const known = served.get(name);
    if (known !== undefined) return known;
    const at = name.lastIndexOf('@');
    const loaded = await registry.load(name.slice(0, at), name.slice(at + 1), featureNames);
    served.set(name, loaded);
    return loaded;
  };
  const openWith =
    (more: { readonly workers: number; readonly maxWaitingRows?: number }) =>
    async (versions: readonly string[]): Promise<Scorer> => {
      const all = await Promise.all(versions.map(load));
      const scorer = await createScorer({
        models: all.filter(({ signature }) => signature.rule === undefined),
        columns: featureNames,
        timeoutMs,
        onScored: (time) => times.add(time),
        ...more,
      });
      const rules = all.flatMap(({ signature }) => (signature.rule === undefined ? [] : [signature]));
      return rulesBeside(scorer, rules, featureNames);
    };
  const sets = new VersionSets(openWith({ workers: options.workers }));
  const shadowSets = new VersionSets(openWith({ workers: 1, maxWaitingRows: SHADOW_ROWS }), 0);
  let inForce: Scorer | undefined;
  let inShadow: readonly string[] = [];

  const listeners = new Set<() => void>();
  const reload = async (): Promise<void> => {
    await lookAtAliases();
    for (const listener of listeners) listener();
  };
  const lookAtAliases = async (): Promise<void> => {
    const champion = options.version ?? (await registry.aliases(model)).champion;
    if (champion === null) {
      note(`model "${model}" has no champion: the rule of thumb scores instead`);
      return;
    }
    const beside = (await registry.models()).filter((name) => name !== model && isServedBeside(name));
    const others = await Promise.all(
      beside.map(async (name) => ({ model: name, version: (await registry.aliases(name)).champion })),
    );
    const versions = [{ model, version: champion }, ...others].flatMap(({ model: of, version }) =>
      version === null ? [] : [versionName({ model: of, version })],
    );
    inForce = await sets.putInForce(versions);
    const { challenger, shadow: inTheShadow } = await registry.aliases(model);
    inShadow = [...new Set([challenger, inTheShadow])].flatMap((version) =>
      version === null || version === champion ? [] : [versionName({ model, version })],
    );
    if (inShadow.length > 0) await shadowSets.putInForce(inShadow);
    // The thread of a shadow that has gone goes too.
    else shadowSets.putNoneInForce();
  };

  metrics.modelLoaded(model);
  await reload();

  const shadow = async (matrix: Float32Array, rows: number): Promise<readonly ShadowAnswer[]> => {
    const { scorer, done } = await shadowSets.hold(inShadow);
    try {
      const scores = await scorer.score(matrix, rows);
      return scorer.models.map((signature, index) => {
        const { modelVersion, risk } = answersOf([signature], [scores[index]!]);
        return { modelVersion, risk };
      });
    } finally {
      done();
    }
  };

  return {
    reload,
    onReload: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    takeTimes: () => times.take(),
    close: async () => {
      await Promise.all([sets.close(), shadowSets.close(), explainer.close()]);
    },
    service: (name) => ({
      modelVersion: inForce === undefined ? `${name}@none` : versionName(inForce.models[0]!),
      threshold: inForce?.models[0]?.threshold ?? UNTRAINED_THRESHOLD,
      columns: featureNames.length,
      score: async (matrix, rows, versions) => {
        const begun = performance.now();
        try {
          const wanted = versions ?? inForce?.models.map(versionName);
          if (wanted === undefined) throw new ForewarnError('FW603', `model "${name}" has no champion`);
          const { scorer, done } = await sets.hold(wanted);
          try {
            const answers = answersOf(scorer.models, await scorer.score(matrix, rows));
            metrics.scored(name, 'model', rows);
            return answers;
          } finally {
            done();
          }
        } catch (error) {
          // Whoever asked takes the fallback.
          metrics.scored(name, 'fallback', rows);
          throw error;
        } finally {
          metrics.scoreTook((performance.now() - begun) / 1_000);
        }
      },
      ...(inShadow.length === 0 ? {} : { shadow }),
      explain: async (features, modelVersion) => {
        try {
          const one = await load(modelVersion);
          return await explainer.explain(
            one,
            projected(features, 1, featureNames.length, columnsOf(one.signature, featureNames)),
          );
        } catch (error) {
          return noExplanation(modelVersion, error instanceof Error ? error.message : String(error));
        }
      },
    }),
  };
};
