import { join, resolve } from 'node:path';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import { loadMappingFiles, mappingsOf } from '../../sources/decoders/load-mappings.ts';
import { loadLocations } from '../../sources/places/load-locations.ts';
import { locationMaster } from '../../sources/places/location-master.ts';
import type { Config } from '../config/config.ts';
import { durationMs } from '../duration.ts';
import { inputsBySource, loadInputFiles } from '../rules/load-input-mappings.ts';
import { ownEdiParties } from './tms-destinations.ts';

/** Rules of reading that a line keeps ready: those in force, and those that a task behind the others still reads with. */
const KEPT = 3;

/** Everything that says how input is read, checked as a whole: what does not fit is FW103 in one line. */
export const loadReadingRules = ({ rules, locations }: Pick<Config, 'rules' | 'locations'>): ReadingRules => {
  const folder = resolve(rules);
  const content = {
    ...loadMappingFiles(join(folder, 'mappings')),
    inputs: loadInputFiles(folder),
    locations: loadLocations(folder, locations),
  };
  return { ...content, fingerprint: stableId(JSON.stringify(content)) };
};

/** How documents are decoded under a configuration, by the rules that are given. Rules are made ready once, whoever asks. */
export const decodingUnder = (config: Config): ((rules: ReadingRules) => DecoderSettings) => {
  const fixed = {
    partners: config.partners as DecoderSettings['partners'],
    defaultZone: config.engine.defaultZone,
    maxFutureMs: durationMs(config.engine.maxFuture),
    own: ownEdiParties(Object.values(config.destinations)),
  };
  const ready = new Map<string, DecoderSettings>();
  return (rules) => {
    const known = ready.get(rules.fingerprint);
    if (known !== undefined) return known;
    const settings: DecoderSettings = {
      ...fixed,
      mappings: mappingsOf(rules),
      places: locationMaster(rules.locations),
      inputs: inputsBySource(rules.inputs),
    };
    if (ready.size >= KEPT) ready.delete(ready.keys().next().value!);
    ready.set(rules.fingerprint, settings);
    return settings;
  };
};
