import type { ClickHouseClient } from '@clickhouse/client';
import type { AuditEntry } from '../../domain/audit-entry.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { CategoryProposal } from '../../models/novelty/propose-categories.ts';
import { audits } from '../../pipelines/topics.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Log } from '../log/log.ts';
import { acceptCategory, type Acceptance, type Accepted } from './accept-category.ts';
import { categoryProposals } from './category-proposals.ts';

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
  readonly propose: (period: CategoryPeriod) => Promise<readonly CategoryProposal[]>;
  /** Takes one of them, by its key or the first characters of it, into the rules. FW506 where it is none. */
  readonly accept: (key: string, acceptance: Acceptance, period: CategoryPeriod) => Promise<Accepted>;
}

/** New categories of one data folder. One thing at a time: two changes of one file would lose one. */
export const categoriesIn = ({ client, log, rulesFolder, destinations }: CategoriesOptions): Categories => {
  let last: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const audit = async (entry: Omit<AuditEntry, 'id' | 'at' | 'heardAt' | 'before'>): Promise<void> => {
    const at = log.closedUntil;
    const id = stableId('audit', entry.kind, entry.subject, entry.after ?? '');
    const row: AuditEntry = { id, at, heardAt: at, before: null, ...entry };
    await log.append(audits.name, { key: audits.key(row), value: audits.write(row) }, { documentId: id });
  };
  const found = ({ from, to }: CategoryPeriod): Promise<readonly CategoryProposal[]> =>
    categoryProposals(client, to ?? log.closedUntil, from === undefined ? {} : { from });

  return {
    propose: (period) =>
      next(async () => {
        const proposals = await found(period);
        for (const one of proposals)
          await audit({
            kind: 'category_proposed',
            by: 'categories',
            subject: one.key,
            after: null,
            reason: riseOf(one),
          });
        return proposals;
      }),
    accept: (key, acceptance, period) =>
      next(async () => {
        const proposal = chosen(key, await found(period));
        const at = log.closedUntil;
        const accepted = await acceptCategory(rulesFolder, proposal, acceptance, { destinations, at });
        await audit({
          kind: 'category_accepted',
          by: acceptance.by,
          subject: proposal.key,
          after: accepted.category,
          reason: riseOf(proposal),
        });
        return accepted;
      }),
  };
};

const riseOf = ({ lately, before }: CategoryProposal): string =>
  `seen ${lately} times in the last 7 days, and ${before} times in those before`;

const chosen = (key: string, proposals: readonly CategoryProposal[]): CategoryProposal => {
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
