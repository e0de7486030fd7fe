import { join } from 'node:path';
import { modelRegistry, type ModelRegistry } from '../../../models/registry.ts';
import { partitionsByTopic } from '../../../pipelines/topics.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { type ModelsControl, startModelsInForce } from '../../../runtime/wire/models-in-force.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export interface OpenModels {
  readonly registry: ModelRegistry;
  /** Whoever opened it closes it. */
  readonly log: EmbeddedLog;
  readonly control: ModelsControl;
}

/** An empty registry in a folder of its own, and a log that is told what is in force. */
export const openModels = async (): Promise<OpenModels> => {
  const folder = await tempFolder();
  const registry = modelRegistry(join(folder, 'models'));
  const log = await EmbeddedLog.open({
    folder: join(folder, 'log'),
    topics: partitionsByTopic(2),
    time: () => wallClock,
  });
  return { registry, log, control: await startModelsInForce({ log, registry }) };
};
