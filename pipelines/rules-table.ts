import type { ReadingRules } from '../domain/reading-rules.ts';
import type { Rules } from '../domain/rules.ts';
import { table, type TableSpec } from '../operators/broadcast-table.ts';
import type { Flow } from '../runtime/flow.ts';
import type { InForce, RulesInForce } from './topics.ts';

const KEY = 'rules';

/** The rules as a table of one row, so that all tasks change to new ones at the same log time, and a replay does too. */
export const rulesTable = <R>(flow: Flow<InForce<R>>): TableSpec<InForce<R>> =>
  table(flow, { key: () => KEY });

/** Rules of reading that the log has told of; undefined where it has told of none, as recorded time does. */
export const readingNow = ({
  lookup,
}: {
  readonly lookup: (table: 'reading', key: string) => InForce<ReadingRules> | undefined;
}): ReadingRules | undefined => lookup('reading', KEY)?.rules;

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
