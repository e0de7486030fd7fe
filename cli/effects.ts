import { estimateEffects } from '../models/effect/estimate-effects.ts';
import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { effectRows } from '../sinks/clickhouse/effect-rows.ts';
import { askTables } from './ask-tables.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { formatEffects } from './format-effects.ts';

/**
 * `forewarn effects`: what the actions did, told from cases in which it could have been otherwise. A running process
 * hands out its decisions; the sums are done here, where they hold nothing up.
 */
export const effectsCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly json?: boolean; readonly by?: 'action' | 'step' },
): Promise<void> => {
  const { by = 'action' } = options;
  const rows = await askTables(configFrom(options), '/v1/effect-rows', effectRows, options);
  const found = estimateEffects(rows, { by });
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatEffects(found));
};
