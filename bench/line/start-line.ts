import { join } from 'node:path';
import { config, type Config } from '../../runtime/config/config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { type Forewarn, startForewarn } from '../../runtime/wire/start-forewarn.ts';

/** Config as shipped, with documents by HTTP, in a folder of its own. Actions are decided and none goes out. */
export const startLine = (folder: string, time: Config['log']['time'], workers = 0): Promise<Forewarn> =>
  startForewarn({
    config: config.parse({
      dataFolder: folder,
      rules: join(packageRoot, 'rules'),
      http: { port: 0 },
      log: { time },
      engine: { workers },
      sources: { http: true },
      // A machine that is busy with the bench would let scores time out, and then measure the fallback.
      models: { folder: join(packageRoot, 'models', 'registry'), timeoutMs: 60_000 },
    }),
    environment: process.env,
    sendsActions: false,
    note: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });

export const untilSettled = async (line: Forewarn): Promise<void> => {
  while (!line.settled()) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Says in a note what scored, because a line without a trained model does less work. */
export const scoredBy = (line: Forewarn): string => {
  const { modelVersion } = line.scoring.service('late-delivery');
  return modelVersion.endsWith('@none')
    ? 'No model had been trained: the rule of thumb scored, in the workers’ stead.'
    : `Scored by ${modelVersion} in its worker.`;
};
