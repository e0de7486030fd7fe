import type { FamilyResult } from '../runtime/wire/learning/train-families.ts';
import { columns } from './columns.ts';

/** A line for each family: its version with its quality in figures, or why there is none. */
export const formatFamilies = (results: readonly FamilyResult[], alias: string): string =>
  columns(
    ['model', alias, 'rows', 'quality'],
    results.map((result) =>
      result.version === null
        ? [result.model, '–', '–', result.why]
        : [
            result.model,
            result.version,
            String(result.trained.card.rows),
            Object.entries(result.trained.numbers)
              .filter(([name]) => name !== 'rows')
              .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
              .join(', '),
          ],
    ),
  );
