import { writeFile } from 'node:fs/promises';
import { describe, type DescribeFormat } from '../runtime/describe.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { definitions } from './definitions.ts';

export interface DescribeOptions extends ConfigOptions {
  readonly format: DescribeFormat;
  readonly pipelines?: string;
  readonly output?: string;
}

/** `forewarn describe`: the graphs as they would run with this configuration. Nothing is started. */
export const describeCommand = async (name: string | undefined, options: DescribeOptions): Promise<void> => {
  const pipelines = await definitions(configFrom(options), options.pipelines);
  const wanted = pipelines.filter((pipeline) => name === undefined || pipeline.name === name);
  const known = pipelines.map((pipeline) => pipeline.name).join(', ');
  if (wanted.length === 0) throw new ForewarnError('FW101', `pipeline "${name}" is not one of ${known}`);
  if (options.format === 'svg' && wanted.length > 1)
    throw new ForewarnError('FW101', `an SVG shows one pipeline; name one of ${known}`);
  const text = wanted.map((pipeline) => describe(pipeline, options.format)).join('\n');
  if (options.output === undefined) console.log(text);
  else await writeFile(options.output, `${text}\n`);
};
