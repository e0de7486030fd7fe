import type { EffectRow } from '../domain/effect.ts';
import { estimateEffects } from '../models/effect/estimate-effects.ts';
import { type EffectPeriod, effectRows } from '../sinks/clickhouse/effect-rows.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { formatEffects } from './format-effects.ts';
import { runningProcess } from './running-process.ts';
import { searchOf } from './search-of.ts';
import { withTables } from './with-tables.ts';

/**
 * `forewarn effects`: what the actions did, told from cases in which it could have been otherwise. A running process
 * hands out its decisions; the sums are done here, where they hold nothing up.
 */
export const effectsCommand = async (
  options: ConfigOptions & EffectPeriod & { readonly json?: boolean; readonly by?: 'action' | 'step' },
): Promise<void> => {
  const config = configFrom(options);
  const { by = 'action', from, to } = options;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const running = await runningProcess(config);
  const rows =
    running === undefined
      ? await withTables(config, (client) => effectRows(client, period))
      : await running.get<readonly EffectRow[]>(`/v1/effect-rows${searchOf(period)}`);
  const found = estimateEffects(rows, { by });
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatEffects(found));
};
