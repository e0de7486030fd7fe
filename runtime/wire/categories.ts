import type { ClickHouseClient } from '@clickhouse/client';
import type { AuditEntry } from '../../domain/audit-entry.ts';
import { type CategoryFinding, riseWords } from '../../domain/review/category-finding.ts';
import { stableId } from '../../domain/stable-id.ts';
import { audits } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Log } from '../log/log.ts';
import { appendRow } from '../log/topic-rows.ts';
import { acceptCategory, type Acceptance, type Accepted } from './accept-category.ts';
import { categoryProposals } from './category-proposals.ts';
import { withdrawCategory, type Withdrawn } from './withdraw-category.ts';

export interface CategoriesOptions {
  readonly client: ClickHouseClient;
  readonly log: Pick<Log, 'append' | 'closedUntil'>;
  readonly rulesFolder: string;
  readonly destinations: readonly string[];
}

/** Days that are looked at: those before `to`, or before what the log has heard, since `from`. */
export interface CategoryPeriod {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Categories {
  /** What rises and has no category. Each finding is told in the topic `audits` the first time that it is seen. */
  readonly propose: (period: CategoryPeriod) => Promise<readonly CategoryFinding[]>;
  /** Takes one of them, by its key or the first characters of it, into the rules. FW506 where it is none. */
  readonly accept: (key: string, acceptance: Acceptance, period: CategoryPeriod) => Promise<Accepted>;
  /** Takes a finding of a review into the rules. */
  readonly take: (finding: CategoryFinding, acceptance: Acceptance) => Promise<Accepted>;
  /** Takes out of the rules what was accepted as this category. */
  readonly revert: (
    category: string,
    change: { readonly by: string; readonly reason?: string },
  ) => Promise<Withdrawn>;
}

/** New categories of one data folder. One thing at a time: two changes of one file would lose one. */
export const categoriesIn = ({ client, log, rulesFolder, destinations }: CategoriesOptions): Categories => {
  let last: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const audit = async (
    entry: Omit<AuditEntry, 'id' | 'at' | 'heardAt'>,
    version: number | null,
  ): Promise<void> => {
    const at = log.closedUntil;
    const id = stableId(
      'audit',
      entry.kind,
      entry.subject,
      entry.after ?? '',
      ...(version === null ? [] : [version]),
    );
    const row: AuditEntry = { id, at, heardAt: at, ...entry };
    await appendRow(log, audits, row, id);
  };
  const found = ({ from, to }: CategoryPeriod): Promise<readonly CategoryFinding[]> =>
    categoryProposals(client, to ?? log.closedUntil, from === undefined ? {} : { from });
  const take = async (finding: CategoryFinding, acceptance: Acceptance): Promise<Accepted> => {
    const accepted = await acceptCategory(rulesFolder, finding, acceptance, {
      destinations,
      at: log.closedUntil,
    });
    await audit(
      {
        kind: 'category_accepted',
        by: acceptance.by,
        subject: finding.key,
        before: null,
        after: accepted.category,
        reason: riseWords(finding),
      },
      accepted.version,
    );
    return accepted;
  };

  const tell = (finding: CategoryFinding): Promise<void> =>
    audit(
      {
        kind: 'category_proposed',
        by: 'categories',
        subject: finding.key,
        before: null,
        after: null,
        reason: riseWords(finding),
      },
      null,
    );

  return {
    propose: (period) =>
      next(async () => {
        const proposals = await found(period);
        for (const one of proposals) await tell(one);
        return proposals;
      }),
    accept: (key, acceptance, period) => next(async () => take(chosen(key, await found(period)), acceptance)),
    take: (finding, acceptance) => next(() => take(finding, acceptance)),
    revert: (category, { by, reason }) =>
      next(async () => {
        const withdrawn = await withdrawCategory(rulesFolder, category, { destinations });
        await audit(
          {
            kind: 'category_reverted',
            by,
            subject: `taxonomy.yaml categories.${category}`,
            before: category,
            after: null,
            reason: reason ?? `taken back, with what meant it in ${withdrawn.files.join(', ')}`,
          },
          withdrawn.version,
        );
        return withdrawn;
      }),
  };
};

const chosen = (key: string, proposals: readonly CategoryFinding[]): CategoryFinding => {
  const exact = proposals.find((one) => one.key === key);
  if (exact !== undefined) return exact;
  const begun = key === '' ? [] : proposals.filter((one) => one.key.startsWith(key));
  const [only] = begun;
  if (only !== undefined && begun.length === 1) return only;
  const what = begun.length > 1 ? `is the beginning of ${begun.length} keys` : 'is not there';
  throw new ForewarnError(
    'FW506',
    `proposal "${key}" ${what}; forewarn categories propose shows those that are`,
  );
};
