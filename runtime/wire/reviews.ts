import type { ClickHouseClient } from '@clickhouse/client';
import { reviewPage } from '../../console/review/review-page.ts';
import type { AuditEntry } from '../../domain/audit-entry.ts';
import { lastPeriod, type Period, reviewId } from '../../domain/review/period.ts';
import {
  type AlarmPlace,
  automaticRange,
  lookAtThresholds,
  type Proposal,
  type ThresholdChange,
} from '../../domain/review/proposals.ts';
import type { CategoryChange } from '../../domain/review/category-finding.ts';
import type { Review } from '../../domain/review/review.ts';
import type { Rules } from '../../domain/rules.ts';
import { stableId } from '../../domain/stable-id.ts';
import { audits } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import { durationMs } from '../duration.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Log } from '../log/log.ts';
import { appendRow } from '../log/topic-rows.ts';
import { type AlarmChange, changeAlarm } from '../rules/change-alarm.ts';
import { changeGuard } from '../rules/change-guard.ts';
import type { Acceptance } from './accept-category.ts';
import type { Categories } from './categories.ts';
import { type EffectsOf, makeReview, thresholdInput } from './make-review.ts';
import { ReviewFolder, type ReviewFacts } from './review-folder.ts';

export interface ReviewsOptions {
  readonly settings: Config['review'];
  /** Where reviews lie, unless `settings.folder` says otherwise. */
  readonly folder: string;
  readonly rulesFolder: string;
  readonly destinations: readonly string[];
  /** The rules as they lie in the folder now. */
  readonly rules: () => Rules;
  readonly client: ClickHouseClient;
  readonly log: Pick<Log, 'append' | 'closedUntil'>;
  readonly effects: EffectsOf;
  readonly categories: Pick<Categories, 'propose' | 'take' | 'revert'>;
  readonly note: (line: string) => void;
}

/** Who changes a proposal, and why, where they say so. */
export interface Change {
  readonly by: string;
  readonly reason?: string;
  /** What a proposed category is to be; for nothing else. */
  readonly as?: Partial<Naming>;
}

/** What a person says of a category that is proposed. */
export type Naming = Omit<Acceptance, 'by'>;

export interface Reviews {
  /** Writes the review of a period, over one that is there. FW505 where the period is empty or has not ended. */
  write(period: Period): Promise<ReviewFacts>;
  /** The last whole period before `at`; null where its review was written by this process. */
  due(at: number): Period | null;
  /** Writes that of the last whole period before `at`, where it is missing, and applies what may be applied. */
  writeDue(at: number): Promise<ReviewFacts | null>;
  list(): Promise<readonly ReviewFacts[]>;
  figures(id: string): Promise<Review>;
  html(id: string): Promise<string>;
  proposals(): Promise<readonly Proposal[]>;
  apply(id: string, change: Change): Promise<Proposal>;
  revert(id: string, change: Change): Promise<Proposal>;
}

/**
 * The reviews of one data folder, and the changes of rules that they lead to. One thing at a time: two changes of one
 * file would lose one. Every review, proposal and change is an entry in the topic `audits`, known by an id of its own,
 * so that what is told again after a crash is told once.
 */
export const reviewsIn = (options: ReviewsOptions): Reviews => {
  const { settings, client, log, rulesFolder, destinations } = options;
  const folder = new ReviewFolder(settings.folder ?? options.folder);
  const makingOptions = () => ({
    client,
    rules: options.rules(),
    learnMs: durationMs(settings.learnFrom),
    range: () => settings.thresholds,
    spares: settings.spares,
    effects: options.effects,
    categories: options.categories.propose,
  });
  let last: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  const audit = async (entry: Omit<AuditEntry, 'id' | 'at' | 'heardAt'>, about: string): Promise<void> => {
    const at = log.closedUntil;
    const id = stableId('audit', entry.kind, about);
    const row: AuditEntry = { id, at, heardAt: at, ...entry };
    await appendRow(log, audits, row, id);
  };

  const write = async (period: Period): Promise<Review> => {
    checkPeriod(period, log.closedUntil);
    const review = await makeReview(period, makingOptions());
    await folder.put(review, reviewPage(review));
    await announce(review);
    return review;
  };
  const announced = new Set<string>();
  const announce = async ({ id, proposals }: Review): Promise<void> => {
    for (const one of proposals) {
      const { subject, before, after, reason } = one;
      await audit(
        { kind: 'change_proposed', by: 'review', subject, before: `${before}`, after: `${after}`, reason },
        one.id,
      );
    }
    const says = { before: null, after: null, reason: 'the period has ended' };
    await audit({ kind: 'review_written', by: 'review', subject: `reviews/${id}`, ...says }, id);
    announced.add(id);
  };

  const changeCategory = async (
    found: CategoryChange,
    to: 'applied' | 'reverted',
    { by, reason, as = {} }: Change,
  ): Promise<CategoryChange> => {
    const { categories } = options;
    let { category } = found;
    if (to === 'applied') {
      const accepted = await categories.take(found.finding, { ...named(found, as), by });
      ({ category } = accepted);
    } else {
      await categories.revert(category ?? '', { by, ...(reason === undefined ? {} : { reason }) });
    }
    const changed = { ...found, category, state: to, changedBy: by, changedAt: log.closedUntil };
    await folder.keep(changed);
    return changed;
  };
  const changeThreshold = async (
    found: ThresholdChange,
    to: 'applied' | 'reverted',
    { by, reason, as }: Change,
  ): Promise<ThresholdChange> => {
    if (as !== undefined)
      throw new ForewarnError(
        'FW507',
        `proposal "${found.id}": is a threshold, and no category; apply it without a name, family and severity`,
      );
    const { place, subject } = found;
    const [from, onto] = to === 'applied' ? [found.before, found.after] : [found.after, found.before];
    const { file, version } =
      'model' in place
        ? await changeAlarm(rulesFolder, alarmChange(place, found, to), { destinations })
        : await changeGuard(rulesFolder, { ...place, before: from, after: onto }, { destinations });
    const changed: ThresholdChange = { ...found, state: to, changedBy: by, changedAt: log.closedUntil };
    await folder.keep(changed);
    await audit(
      {
        kind: to === 'applied' ? 'change_applied' : 'change_reverted',
        by,
        subject,
        before: `${from}`,
        after: `${onto}`,
        reason: reason ?? found.reason,
      },
      `${found.id} ${file}@${version}`,
    );
    return changed;
  };
  const changeOf = (id: string, from: Proposal['state'], to: 'applied' | 'reverted', words: Change) =>
    next(async () => {
      const found = await folder.proposal(id);
      // What was reverted may be applied again; what was applied is not applied twice.
      if (from === 'applied' ? found.state === 'applied' : found.state !== 'applied')
        return found.kind === 'category'
          ? changeCategory(found, to, words)
          : changeThreshold(found, to, words);
      throw new ForewarnError(
        'FW506',
        `proposal "${found.id}" is ${found.state} and cannot be ${to}; forewarn proposals list shows how they stand`,
      );
    });

  /** What the settings let a review change by itself: found anew within its bounds, and better there by itself. */
  const applyBounded = async (review: Review): Promise<void> => {
    const auto = settings.autoApply;
    if (auto === undefined) return;
    const input = await thresholdInput(review.id, review, {
      ...makingOptions(),
      range: automaticRange(auto),
    });
    for (const one of lookAtThresholds(input).proposals) {
      await folder.add(one);
      try {
        await changeThreshold(one, 'applied', { by: 'review' });
        options.note(`review: ${one.subject} is now ${one.after}, was ${one.before}`);
      } catch (error) {
        if (!(error instanceof ForewarnError)) throw error;
        options.note(`review: not applied: ${error.message}`);
      }
    }
  };

  return {
    due: (at) => {
      const period = lastPeriod(at, durationMs(settings.every));
      return announced.has(reviewId(period)) ? null : period;
    },
    write: (period) => next(async () => factsOf(await write(period))),
    writeDue: (at) =>
      next(async () => {
        const period = lastPeriod(at, durationMs(settings.every));
        const id = reviewId(period);
        if (period.to > log.closedUntil || announced.has(id)) return null;
        if ((await folder.list()).some((one) => one.id === id)) {
          // It may have been written just before a crash; what is known already is not told twice.
          await announce(await folder.figures(id));
          return null;
        }
        const review = await write(period);
        await applyBounded(review);
        return factsOf(review);
      }),
    list: () => folder.list(),
    figures: (id) => folder.figures(id),
    html: (id) => folder.html(id),
    proposals: () => folder.proposals(),
    apply: (id, words) => changeOf(id, 'proposed', 'applied', words),
    revert: (id, words) => changeOf(id, 'applied', 'reverted', words),
  };
};

/** Where the rules named none before, there is none afterwards when it is taken back: the model's own is in force. */
const alarmChange = (
  { model, named }: AlarmPlace,
  { before, after }: ThresholdChange,
  to: 'applied' | 'reverted',
): AlarmChange => {
  const was = named ? before : null;
  return to === 'applied' ? { model, before: was, after } : { model, before: after, after: was };
};

/** FW507 where a person has not said what the category is: nobody can know it from codes and texts. */
const named = (
  { id, subject }: CategoryChange,
  { name, family, severity, ...rest }: Partial<Naming>,
): Naming => {
  if (name !== undefined && family !== undefined && severity !== undefined)
    return { predictable: false, ...rest, name, family, severity };
  throw new ForewarnError(
    'FW507',
    `proposal "${id}": ${subject} becomes a category; say its name, its family and its severity`,
  );
};

const factsOf = ({ id, from, to }: Review): ReviewFacts => ({ id, from, to });

const checkPeriod = ({ from, to }: Period, heardUntil: number): void => {
  const words = (at: number): string => new Date(at).toISOString();
  if (from >= to) {
    throw new ForewarnError(
      'FW505',
      `review: the period from ${words(from)} to ${words(to)} is empty; choose a --from before --to`,
    );
  }
  if (to > heardUntil) {
    throw new ForewarnError(
      'FW505',
      `review: the period ends at ${words(to)}, and the log has heard until ${words(heardUntil)}; choose an earlier --to`,
    );
  }
};
