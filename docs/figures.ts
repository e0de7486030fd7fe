import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMachine, type Machine } from '../bench/machine.ts';
import type { Cell, Table } from '../bench/table.ts';
import { packageRoot } from '../runtime/package-root.ts';

/** What we read of `bench/results/<name>.json`. */
interface Result {
  readonly bench: string;
  readonly measuredOn: string;
  readonly machine: Machine;
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

const begin = '<!-- figures: made by docs/generate.ts from bench/results -->';
const end = '<!-- /figures -->';

const results = (): readonly Result[] => {
  const folder = join(packageRoot, 'bench', 'results');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => JSON.parse(readFileSync(join(folder, entry.name), 'utf8')) as Result)
    .toSorted((a, b) => (a.bench < b.bench ? -1 : 1));
};

const shown = (cell: Cell | undefined, digits = 0): string => {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'string') return cell.replaceAll('|', '\\|');
  return cell.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

const markdownOf = ({ title, columns, rows }: Table): string =>
  [
    `**${title}**`,
    '',
    `| ${columns.map(({ name }) => name).join(' | ')} |`,
    `|${columns.map((_, at) => (typeof rows[0]?.[at] === 'string' ? '---|' : '---:|')).join('')}`,
    ...rows.map((row) => `| ${columns.map(({ digits }, at) => shown(row[at], digits)).join(' | ')} |`),
  ].join('\n');

const sectionOf = ({ bench, measuredOn, machine, tables, notes }: Result): string =>
  [
    `### ${bench}`,
    `\`npm run bench -- ${bench}\` on ${formatMachine(machine)}, ${measuredOn}.`,
    ...tables.map(markdownOf),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
  ].join('\n\n');

const figures = (): string => {
  const all = results();
  return all.length === 0 ? 'No bench has been recorded yet.' : all.map(sectionOf).join('\n\n');
};

/** The README with its figures as `bench/results` has them; what stands outside the marks stays as it is. */
export const withFigures = (readme: string): string => {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for figures: ${begin} … ${end}`);
  return `${readme.slice(0, from)}${begin}\n\n${figures()}\n\n${readme.slice(to)}`;
};
