import { join } from 'node:path';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';

/** The rules and mappings that ship, as a run without a configuration reads them. */
export const rules = loadRules(join(packageRoot, 'rules'));
export const decoding: DecoderSettings = {
  mappings: loadMappings(join(packageRoot, 'rules', 'mappings')),
  partners: {},
  defaultZone: 'UTC',
  maxFutureMs: 3_600_000,
};
