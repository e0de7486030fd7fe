import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { Pipeline } from '../runtime/graph.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { keepsAlertsOpen } from '../runtime/wire/keeps-alerts-open.ts';
import { shippedPipelines } from '../runtime/wire/pipelines.ts';
import { decodingUnder, loadReadingRules } from '../runtime/wire/reading.ts';
import type { DecoderSettings } from '../sources/decoders/decoder.ts';

/** How documents are decoded under a configuration. */
export const decodingOf = (config: Config): DecoderSettings =>
  decodingUnder(config)(loadReadingRules(config));

/** The pipelines that ship, as they would run under a configuration. Nothing is started. */
export const shippedBy = (config: Config): readonly Pipeline[] =>
  shippedPipelines({
    decoding: decodingOf(config),
    rules: loadRules(resolve(config.rules)),
    patience: config.engine.patience,
    model: config.models.lateDelivery,
    resolving: { keepsOpen: keepsAlertsOpen(config.destinations) },
  });

/** Every pipeline that a file of one's own exports, alone or in lists, in the order of their names. */
export const pipelinesIn = async (file: string): Promise<readonly Pipeline[]> => {
  const path = resolve(file);
  await access(path).catch((cause: unknown) => {
    throw new ForewarnError('FW101', `--pipelines ${file} is not there; give a file that exports pipelines`, {
      cause,
    });
  });
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (cause instanceof ForewarnError) throw cause;
    const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new ForewarnError('FW101', `--pipelines ${file} cannot be loaded: ${said}`, { cause });
  }
  const found = Object.entries(exported)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isPipeline);
  if (found.length === 0)
    throw new ForewarnError(
      'FW101',
      `--pipelines ${file} exports no pipeline; export what pipeline(…) answers`,
    );
  return [...new Set(found)];
};

/** Those that ship and those of a file. FW202 when two have the same name. */
export const definitions = async (config: Config, file: string | undefined): Promise<readonly Pipeline[]> => {
  const all = [...shippedBy(config), ...(file === undefined ? [] : await pipelinesIn(file))];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name))
      throw new ForewarnError(
        'FW202',
        `two pipelines are named "${name}"; a name is part of the identity of state, choose another`,
      );
    names.add(name);
  }
  return all;
};

const isPipeline = (value: unknown): value is Pipeline =>
  typeof value === 'object' &&
  value !== null &&
  'nodes' in value &&
  'stages' in value &&
  Array.isArray(value.stages);
