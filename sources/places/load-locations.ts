import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isZone } from '../../domain/local-time.ts';
import { type Location, locationsFile } from '../../domain/location.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { readRulesFile } from '../../runtime/rules/read-rules-file.ts';
import { rulesSchemas } from '../../runtime/rules/rules-schemas.ts';

/** The customer's own places: of the file that is named, else of `locations.yaml` among the rules where there is one. */
export const loadLocations = (rulesFolder: string, file?: string): readonly Location[] => {
  const path = file === undefined ? join(rulesFolder, 'locations.yaml') : resolve(file);
  if (file === undefined && !existsSync(path)) return [];
  const { name, content } = readRulesFile(
    dirname(path),
    basename(path),
    locationsFile,
    rulesSchemas.locations,
  );
  const seen = new Map<string, number>();
  content.locations.forEach(({ id, unlocode, timeZone }, index) => {
    const refuse = (key: string, why: string): never => {
      throw new ForewarnError('FW103', `${name} locations[${index}].${key}: ${why}`);
    };
    if (timeZone !== undefined && !isZone(timeZone))
      refuse('timeZone', `"${timeZone}" is no IANA zone; use one such as America/Chicago`);
    for (const [key, word] of [
      ['id', id],
      ['unlocode', unlocode],
    ] as const) {
      if (word === undefined || (key === 'unlocode' && word === id)) continue;
      const other = seen.get(word.toUpperCase());
      if (other !== undefined)
        refuse(key, `"${word}" names locations[${other}] too; give each place names of its own`);
      seen.set(word.toUpperCase(), index);
    }
  });
  return content.locations;
};
