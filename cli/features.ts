import { columnName, features } from '../domain/features.ts';
import { columns } from './columns.ts';

/** `forewarn features list`: the declarations, from which docs/features.md is made too. */
export const listFeaturesCommand = ({ json }: { readonly json?: boolean }): void => {
  if (json === true) {
    console.log(
      JSON.stringify(
        features.map((one) => ({ ...one, otherwise: shownDefault(one.otherwise) })),
        null,
        2,
      ),
    );
    return;
  }
  console.log(
    columns(
      ['#', 'feature', 'type', 'unit', 'from', 'over', 'default', 'meaning'],
      features.map((one, index) => [
        String(index),
        columnName(one),
        one.type,
        one.unit,
        one.from.join(', '),
        one.over,
        shownDefault(one.otherwise),
        one.description,
      ]),
    ),
  );
};

/** JSON has no NaN. */
const shownDefault = (otherwise: number): string => (Number.isNaN(otherwise) ? 'NaN' : String(otherwise));
