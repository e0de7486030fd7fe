import type { ChangeRule, InputTable } from '../../../domain/input-mapping.ts';
import { readField, textIn } from '../mapped/read-field.ts';
import { fits, type SentRecord } from '../mapped/row-record.ts';
import type { RowChange } from './envelope.ts';

/** Longest value of a field that is kept. */
const KEPT = 4_000;

/** What a rule found: the column that changed, and its values; no column where a row came or went. */
interface Found {
  readonly rule: ChangeRule;
  readonly field: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

const foundBy = (rule: ChangeRule, { op, before, after }: RowChange): Found | null => {
  const row = after ?? before;
  if (row === null || !fits(row, rule.when)) return null;
  const { columns, from, to } = rule;
  if (columns === undefined) {
    const is = rule.row === 'created' ? op === 'c' : op === 'd';
    return is ? { rule, field: null, before: null, after: null } : null;
  }
  if (op !== 'u' || before === null || after === null) return null;
  const field = columns.find(
    (column) =>
      textIn(before, column) !== textIn(after, column) &&
      (from?.includes(textIn(before, column)) ?? true) &&
      (to?.includes(textIn(after, column)) ?? true),
  );
  if (field === undefined) return null;
  return {
    rule,
    field,
    before: textIn(before, field).slice(0, KEPT),
    after: textIn(after, field).slice(0, KEPT),
  };
};

/** Whether the rules of a table ask what a row was before. */
export const comparesRows = ({ changes }: InputTable): boolean =>
  changes?.rules.some(({ columns }) => columns !== undefined) ?? false;

/**
 * What people did, or how something ended, by a change of one row: a maker for each rule that holds. A snapshot tells how
 * things are and not who changed what, so nothing is made of it. A maker throws BadField for what does not fit.
 */
export const peopleChanges = (
  { changes }: InputTable,
  change: RowChange,
  zone: string,
): readonly (() => SentRecord)[] => {
  if (changes === undefined || change.op === 'r') return [];
  const row = change.after ?? change.before ?? {};
  return changes.rules
    .flatMap((rule) => foundBy(rule, change) ?? [])
    .map(({ rule, field, before, after }) => () => {
      const said: Record<string, unknown> = {
        shipmentId: readField(row, changes.shipmentId, zone),
        by: changes.by === undefined ? undefined : readField(row, changes.by, zone),
        at: changes.at === undefined ? undefined : readField(row, changes.at, zone),
        ...Object.fromEntries(
          (['reason', 'amountMinor', 'currency', 'exceptionId', 'actionId'] as const).map((name) => {
            const own = rule[name];
            return [name, own === undefined ? undefined : readField(row, own, zone)];
          }),
        ),
        ...(rule.what === undefined
          ? { type: 'outcome_report', what: rule.report }
          : { type: 'tms_change', what: rule.what, field, before, after }),
      };
      return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    });
};
