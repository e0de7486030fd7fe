import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noExplanation } from '../../../../domain/explanation.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import { riskAlone, type ScorerService } from '../../../../runtime/scorer-service.ts';
import { scorerOver, serveScoring } from '../../../../runtime/wire/threads/scoring-over-port.ts';
import { until } from '../../../support/until.ts';

/** Scores with the first column; the version in force may change. */
const begin = () => {
  let version = 'risk@1';
  let hasShadow = false;
  const listeners = new Set<() => void>();
  const service = (): ScorerService => ({
    modelVersion: version,
    threshold: 0.4,
    columns: 2,
    score: async (matrix, rows, versions) => {
      if (matrix[0]! < 0) throw new ForewarnError('FW602', 'too slow');
      const risk = Float32Array.from({ length: rows }, (_, row) => matrix[row * 2]!);
      return riskAlone(versions?.[0] ?? version, 0.4, risk);
    },
    ...(hasShadow
      ? {
          shadow: async (_: Float32Array, rows: number) => [
            { modelVersion: 'risk@9', risk: new Float32Array(rows) },
          ],
        }
      : {}),
    explain: (_, of) => Promise.resolve(noExplanation(of, 'a test')),
  });
  const scoring = {
    service,
    onReload: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port2.close());
  const scorer = scorerOver(port2, serveScoring(port1, scoring, 'risk'));
  return {
    scorer,
    putInForce: (next: string) => {
      version = next;
      hasShadow = true;
      for (const listener of listeners) listener();
    },
  };
};

describe('scoring over a port', () => {
  it('answers as the scorer does, also for versions that are pinned', async () => {
    const { scorer } = begin();
    const risk = scorer('risk');
    expect([risk.modelVersion, risk.threshold, risk.columns, risk.shadow]).toEqual([
      'risk@1',
      0.4,
      2,
      undefined,
    ]);
    const answers = await risk.score(Float32Array.of(0.25, 7, 0.5, 7), 2);
    expect(answers).toEqual(riskAlone('risk@1', 0.4, Float32Array.of(0.25, 0.5)));
    expect((await risk.score(new Float32Array(2), 1, ['risk@0'])).modelVersion).toBe('risk@0');
    expect(await risk.explain!(new Float32Array(2), 'risk@0')).toEqual(noExplanation('risk@0', 'a test'));
  });

  it('fails as the scorer does', async () => {
    const { scorer } = begin();
    await expect(scorer('risk').score(Float32Array.of(-1, 0), 1)).rejects.toMatchObject({ code: 'FW602' });
  });

  it('learns what came into force, and what is in shadow', async () => {
    const { scorer, putInForce } = begin();
    putInForce('risk@2');
    await until('the thread knows', () => scorer('risk').modelVersion === 'risk@2');
    expect((await scorer('risk').score(new Float32Array(2), 1)).modelVersion).toBe('risk@2');
    expect((await scorer('risk').shadow!(new Float32Array(2), 1))[0]!.modelVersion).toBe('risk@9');
  });

  it('refuses a model that is not served', () => {
    const { scorer } = begin();
    expect(() => scorer('another')).toThrow('model "another" is not the one that is served here');
  });
});
