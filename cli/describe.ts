import { join, resolve } from 'node:path';
import { describe, type DescribeFormat } from '../runtime/describe.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { shippedPipelines } from '../runtime/wire/pipelines.ts';
import { loadMappings } from '../sources/decoders/load-mappings.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn describe`: the graphs as they would run with this configuration. Nothing is started. */
export const describeCommand = (
  name: string | undefined,
  options: ConfigOptions & { readonly format: DescribeFormat },
): void => {
  const config = configFrom(options);
  const folder = resolve(config.rules);
  const pipelines = shippedPipelines({
    decoding: {
      mappings: loadMappings(join(folder, 'mappings')),
      partners: {},
      defaultZone: 'UTC',
      maxFutureMs: 0,
    },
    rules: loadRules(folder),
    patience: config.engine.patience,
    model: config.models.lateDelivery,
  });
  const wanted = pipelines.filter((pipeline) => name === undefined || pipeline.name === name);
  if (wanted.length === 0) {
    const known = pipelines.map((pipeline) => pipeline.name).join(', ');
    throw new ForewarnError('FW101', `pipeline "${name}" is not one of ${known}`);
  }
  for (const pipeline of wanted) console.log(describe(pipeline, options.format));
};
