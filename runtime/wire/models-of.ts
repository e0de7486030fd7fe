import { join, resolve } from 'node:path';
import { type ModelRegistry, modelRegistry } from '../../models/registry.ts';
import type { Config } from '../config/config.ts';
import { packageRoot } from '../package-root.ts';

/** Models that ship: what a data folder begins with. */
export const shippedModels = join(packageRoot, 'models', 'registry');

/** The configured folder of models, or that of the data folder, which begins with the models that ship. */
export const modelsOf = ({ models, dataFolder }: Pick<Config, 'models' | 'dataFolder'>): ModelRegistry =>
  models.folder === undefined
    ? modelRegistry(join(resolve(dataFolder), 'models'), { beginsWith: shippedModels })
    : modelRegistry(resolve(models.folder));
