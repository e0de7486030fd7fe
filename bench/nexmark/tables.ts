import { join } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';
import type { Cell, Table } from '../table.ts';
import type { Mode } from './contender.ts';
import { definitionLines } from './definition-lines.ts';
import { type Measured, YARDSTICK } from './measured.ts';
import type { QueryName } from './queries.ts';

interface Shown {
  readonly measured: Measured;
  readonly queries: readonly QueryName[];
  readonly modes: readonly Mode[];
  readonly who: readonly string[];
}

type Figure = (who: string, query: QueryName, mode: Mode) => Cell;

/** A row for each query, a column for everyone in each mode in which they ran. */
const matrix = (
  title: string,
  digits: number,
  { measured, queries, modes, who }: Shown,
  figure: Figure,
): Table => {
  const columns = modes.flatMap((mode) =>
    who.filter((one) => measured.has(one, mode)).map((one) => ({ one, mode })),
  );
  return {
    title,
    columns: [{ name: 'query' }, ...columns.map(({ one, mode }) => ({ name: `${one} ${mode}`, digits }))],
    rows: queries.map((query) => [query, ...columns.map(({ one, mode }) => figure(one, query, mode))]),
  };
};

const sourceOf = (...path: readonly string[]): string => join(packageRoot, 'bench', 'nexmark', ...path);

const linesTable = (queries: readonly QueryName[]): Table => ({
  title: 'Lines of definition',
  columns: [{ name: 'query' }, { name: 'hand loop' }, { name: 'RxJS' }, { name: 'Forewarn' }],
  rows: queries.map((query) => [
    query,
    definitionLines(sourceOf('yardsticks', 'loops', `${query}.ts`), query),
    definitionLines(sourceOf('yardsticks', 'plain-rxjs.ts'), query),
    definitionLines(sourceOf('definitions.ts'), query),
  ]),
});

export const tablesOf = (shown: Shown): readonly Table[] => {
  const { measured } = shown;
  const others = { ...shown, who: shown.who.filter((one) => one !== YARDSTICK) };
  return [
    matrix('Thousand events/s, warm', 0, shown, (who, query, mode) => {
      const eps = measured.figure(who, query, mode, ({ warm }) => warm);
      return eps === null ? null : eps / 1_000;
    }),
    matrix(
      `Warm events/s ÷ those of the ${YARDSTICK} in the same mode and round`,
      2,
      others,
      (who, query, mode) => measured.ratio(who, query, mode, ({ warm }) => warm),
    ),
    matrix('Thousand events/s of the first run in a process', 0, shown, (who, query, mode) => {
      const eps = measured.figure(who, query, mode, ({ cold }) => cold);
      return eps === null ? null : eps / 1_000;
    }),
    matrix('Processor seconds for a million events, warm, all threads', 2, shown, (who, query, mode) =>
      measured.figure(who, query, mode, ({ cpuSecs, events }) => (cpuSecs * 1e6) / events),
    ),
    matrix(`Events per processor second ÷ those of the ${YARDSTICK}`, 2, others, (who, query, mode) =>
      measured.ratio(who, query, mode, ({ cpuSecs, events }) => events / cpuSecs),
    ),
    matrix('Peak memory of the process, MiB', 0, shown, (who, query, mode) =>
      measured.figure(who, query, mode, ({ rssMiB }) => rssMiB),
    ),
    linesTable(shown.queries),
  ];
};
