import type { Rules } from '../domain/rules.ts';
import { table, type TableSpec } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';
import type { RulesInForce } from './topics.ts';

const KEY = 'rules';

/** The rules as a table of one row, so that all tasks change to new ones at the same log time, and a replay does too. */
export const rulesTable = (flow: Flow<RulesInForce>): TableSpec<RulesInForce> =>
  table(flow, { key: () => KEY });

/**
 * The rules that the log has told of, or else those with which the pipeline was built: recorded time has no others, and
 * neither have rules that were logged before there were rules of detection.
 */
export const rulesNow = (
  { lookup }: { readonly lookup: (table: 'rules', key: string) => RulesInForce | undefined },
  builtWith: Rules,
): Rules => {
  const logged = lookup('rules', KEY)?.rules;
  return (logged as Partial<Rules> | undefined)?.detection === undefined ? builtWith : logged!;
};
