import { resolve } from 'node:path';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { Config } from '../config/config.ts';
import { contentOf } from '../rules/watch-rules-folder.ts';
import { loadRulesFor } from './load-rules-for.ts';
import { decodingUnder, loadReadingRules } from './reading.ts';
import type { LoadedRules } from './rules-in-force.ts';
import { destinationsOf } from './simulation.ts';

/** What a line does by and reads by, as its folder of rules says. */
export interface LineRules {
  readonly folder: string;
  /** A file of places that lies elsewhere. */
  readonly locations: string | undefined;
  /** What the folder held before it was loaded. */
  readonly content: string;
  readonly atStart: LoadedRules;
  /** Loads the folder as it is now, with the checks of a start; throws what is wrong in one line. */
  readonly load: () => LoadedRules;
  /** How documents are decoded by rules of reading. */
  readonly decodingBy: (reading: ReadingRules) => DecoderSettings;
}

/** Where actions go out, everything that they are sent to must be configured. */
export const lineRules = (config: Config, sendsActions: boolean): LineRules => {
  const folder = resolve(config.rules);
  const locations = config.locations === undefined ? undefined : resolve(config.locations);
  const destinations = sendsActions ? destinationsOf(config) : undefined;
  const load = (): LoadedRules => ({
    rules: loadRulesFor(folder, destinations),
    reading: loadReadingRules(config),
  });
  const content = contentOf(folder, locations === undefined ? [] : [locations]);
  return { folder, locations, content, atStart: load(), load, decodingBy: decodingUnder(config) };
};
