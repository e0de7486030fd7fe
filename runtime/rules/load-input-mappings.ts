import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type InputMapping, inputMapping } from '../../domain/input-mapping.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { readRulesFile } from './read-rules-file.ts';
import { rulesSchemas } from './rules-schemas.ts';

const FOLDER = 'inputs';

/**
 * Every file of `rules/inputs/` in the order of their names; none where the folder is not there. A file that does not fit,
 * and two files for one source, are FW103 in one line.
 */
export const loadInputFiles = (folder: string): readonly InputMapping[] => {
  const path = join(folder, FOLDER);
  if (!existsSync(path)) return [];
  const read: InputMapping[] = [];
  const bySource = new Map<string, InputMapping>();
  const files = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  for (const file of files.toSorted()) {
    const { name, content } = readRulesFile(folder, join(FOLDER, file), inputMapping, rulesSchemas.input);
    if (`${content.name}.yaml` !== file)
      throw new ForewarnError(
        'FW103',
        `${name} name: "${content.name}" is not the name of the file; call the file ${content.name}.yaml`,
      );
    for (const source of content.sources) {
      const other = bySource.get(source);
      if (other !== undefined)
        throw new ForewarnError(
          'FW103',
          `${name} sources: "${source}" is read by ${FOLDER}/${other.name}.yaml too; keep one file for each source`,
        );
      bySource.set(source, content);
    }
    read.push(content);
  }
  return read;
};

/** Mappings of input by the ingest sources that each reads. */
export const inputsBySource = (inputs: readonly InputMapping[]): ReadonlyMap<string, InputMapping> =>
  new Map(inputs.flatMap((input) => input.sources.map((source) => [source, input])));
