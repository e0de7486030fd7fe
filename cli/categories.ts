import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { CategoryFinding } from '../domain/review/category-finding.ts';
import type { Family } from '../domain/taxonomy.ts';
import type { Config } from '../runtime/config/config.ts';
import type { Accepted } from '../runtime/wire/accept-category.ts';
import { type Categories, categoriesIn, type CategoryPeriod } from '../runtime/wire/categories.ts';
import { destinationsOf } from '../runtime/wire/simulation.ts';
import type { Withdrawn } from '../runtime/wire/withdraw-category.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { formatCategories } from './format-categories.ts';
import { runningProcess } from './running-process.ts';
import { withStoppedTables } from './stopped-tables.ts';

type PeriodOptions = ConfigOptions & CategoryPeriod & { readonly json?: boolean };

/** `forewarn categories propose`: trouble on the rise that no category covers, each with examples and a key. */
export const proposeCategoriesCommand = async (options: PeriodOptions): Promise<void> => {
  const found = await withCategories(configFrom(options), ({ propose }) => propose(periodOf(options)));
  console.log(options.json === true ? JSON.stringify(found, null, 2) : formatCategories(found));
};

export interface AcceptOptions extends PeriodOptions {
  readonly name: string;
  readonly family: Family;
  readonly severity: number;
  readonly predictable?: boolean;
  readonly about?: string;
  readonly list?: string;
  readonly words?: readonly string[];
  readonly by?: string;
}

/** `forewarn categories accept <key>`: writes the category, and what its code means, into the rules. */
export const acceptCategoryCommand = async (key: string, options: AcceptOptions): Promise<void> => {
  const {
    name,
    family,
    severity,
    predictable = false,
    about,
    list,
    words,
    by = userInfo().username,
  } = options;
  const said = { name, family, severity, predictable, by };
  const rest = {
    ...(about === undefined ? {} : { about }),
    ...(list === undefined ? {} : { list }),
    ...(words === undefined ? {} : { words }),
  };
  const accepted = await withCategories(configFrom(options), ({ accept }) =>
    accept(key, { ...said, ...rest }, periodOf(options)),
  );
  if (options.json === true) console.log(JSON.stringify(accepted, null, 2));
  else for (const line of linesOf(accepted)) console.log(line);
};

const linesOf = ({ category, family, files, mapped, texts }: Accepted): readonly string[] => [
  `${category} is now a category of the family ${family}; changed: ${files.join(', ')}`,
  mapped === null
    ? `${textWords(texts)} from now on, where codes say little.`
    : `${mapped.code} of list ${mapped.list} (${mapped.standard}) means it from now on.`,
];

const textWords = (texts: Accepted['texts']): string => {
  const { says, words } = texts ?? { says: 0, words: [] };
  const whole = `${says} whole text${says === 1 ? '' : 's'}`;
  return words.length === 0
    ? `${whole} mean${says === 1 ? 's' : ''} it`
    : `${whole} and every text with the words ${words.join(', ')} mean it`;
};

/** `forewarn categories revert <category>`: takes out of the rules what was accepted as it. */
export const revertCategoryCommand = async (
  category: string,
  options: ConfigOptions & { readonly by?: string; readonly reason?: string; readonly json?: boolean },
): Promise<void> => {
  const { by = userInfo().username, reason } = options;
  const withdrawn = await withCategories(configFrom(options), ({ revert }) =>
    revert(category, { by, ...(reason === undefined ? {} : { reason }) }),
  );
  if (options.json === true) console.log(JSON.stringify(withdrawn, null, 2));
  else console.log(`${category} is no longer a category; changed: ${withdrawn.files.join(', ')}`);
};

const periodOf = ({ from, to }: CategoryPeriod): CategoryPeriod => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const withCategories = async <T>(
  config: Config,
  work: (categories: Pick<Categories, 'propose' | 'accept' | 'revert'>) => Promise<T>,
): Promise<T> => {
  const running = await runningProcess(config);
  if (running !== undefined) {
    return work({
      propose: (period) => running.post<readonly CategoryFinding[]>('/v1/categories/propose', period),
      accept: (key, acceptance, period) =>
        running.post<Accepted>('/v1/categories/accept', { key, ...acceptance, ...period }),
      revert: (category, change) => running.post<Withdrawn>('/v1/categories/revert', { category, ...change }),
    });
  }
  return withStoppedTables(config, ({ log }, client) =>
    work(
      categoriesIn({
        client,
        log,
        rulesFolder: resolve(config.rules),
        destinations: destinationsOf(config),
      }),
    ),
  );
};
