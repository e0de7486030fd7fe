import { severityBands } from '../domain/taxonomy.ts';
import { type CoverageCell, type CoverageRow, gapWords } from '../runtime/rules/playbook-coverage.ts';
import { columns } from './columns.ts';

const marks = { tier: 't', mode: 'm', kind: 'k', severity: 's' } as const;

const cellText = (cell: CoverageCell | undefined): string => {
  if (cell === undefined) return '';
  const marked = cell.differsBy.map((fact) => marks[fact]).join('');
  return `${cell.playbooks.join(' | ')}${marked === '' ? '' : ` [${marked}]`}`;
};

/** Category × band for people: which playbook takes it, and by what the choice differs within a cell. */
export const coverageTable = (rows: readonly CoverageRow[], gaps: readonly string[]): string => {
  const own = rows.filter(({ cells }) => Object.values(cells).every(({ isGap }) => !isGap)).length;
  const byDefault = rows.filter(({ cells }) => Object.values(cells).every(({ isGap }) => isGap)).length;
  return [
    columns(
      ['category', ...severityBands],
      rows.map(({ category, predictable, cells }) => [
        `${category}${predictable ? ' *' : ''}`,
        ...severityBands.map((band) => cellText(cells[band])),
      ]),
    ),
    '',
    '* can be predicted. Empty: a severity that the category never has. [t] [m] [k] [s]: differs by tier, mode, kind, severity.',
    `${rows.length} categories: ${own} have playbooks for all their cases, ${rows.length - own - byDefault} for some, ${byDefault} fall to the default one.`,
    gapWords(gaps) ?? 'Every category that can be predicted or is of high severity has its playbook.',
  ].join('\n');
};
