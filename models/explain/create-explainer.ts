import { Piscina } from 'piscina';
import { type Explanation, noExplanation } from '../../domain/explanation.ts';
import { versionName } from '../signature.ts';
import type { ServedModel } from '../scoring/worker-models.ts';
import { workerUrl } from '../worker-url.ts';
import type { ExplainTask } from './explain-worker.ts';

/** Says why a tree model said what it said, in a thread of its own, which sleeps while nothing is raised. */
export interface Explainer {
  /** Of one row of the model's own columns. Never rejects: what cannot be explained says why. */
  explain(model: ServedModel, row: Float32Array): Promise<Explanation>;
  close(): Promise<void>;
}

export const createExplainer = (timeoutMs: number): Explainer => {
  const pool = new Piscina<ExplainTask, Explanation>({
    filename: workerUrl(import.meta.url, 'explain-worker').href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
    maxQueue: 256,
  });
  return {
    explain: async ({ signature, modelPath }, row) => {
      const modelVersion = versionName(signature);
      const features = signature.features.map(({ name }) => name);
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        return await pool.run({ modelVersion, modelPath, features, row }, { signal: abort.signal });
      } catch (error) {
        const isLate = abort.signal.aborted;
        return noExplanation(
          modelVersion,
          isLate
            ? `there was none within ${timeoutMs} ms`
            : `it failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => pool.destroy(),
  };
};
