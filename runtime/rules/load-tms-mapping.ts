import { join } from 'node:path';
import { tmsMapping, type TmsMapping } from '../../domain/tms-mapping.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { readRulesFile, type RulesFile } from './read-rules-file.ts';
import { rulesSchemas } from './rules-schemas.ts';

/** Reads `tms/<name>.yaml` of a rules folder; what does not fit is FW103 in one line. */
export const loadTmsMapping = (folder: string, name: string): RulesFile<TmsMapping> => {
  const file = readRulesFile(folder, join('tms', `${name}.yaml`), tmsMapping, rulesSchemas.tms);
  if (file.content.name === name) return file;
  throw new ForewarnError(
    'FW103',
    `${file.name} name: "${file.content.name}" is not the name of the file; call the file ${file.content.name}.yaml`,
  );
};
