import { userInfo } from 'node:os';
import type { CategoryChange } from '../domain/review/category-finding.ts';
import type { Proposal, ThresholdChange } from '../domain/review/proposals.ts';
import type { Config } from '../runtime/config/config.ts';
import type { Naming, Reviews } from '../runtime/wire/reviews.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';
import { withStoppedReviews } from './stopped-reviews.ts';

type Desk = Pick<Reviews, 'proposals' | 'apply' | 'revert'>;

/** `forewarn proposals list`: those of all reviews, the latest first. */
export const listProposalsCommand = async (
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> => {
  const found = await withDesk(configFrom(options), (desk) => desk.proposals());
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.log('no proposals');
  else
    console.log(
      columns(['id', 'review', 'state', 'subject', 'now', 'proposed', 'gain', 'cases'], found.map(cellsOf)),
    );
};

export interface ChangeOptions extends ConfigOptions {
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** With what a category is to be, where the proposal is one. */
export type ApplyOptions = ChangeOptions & Partial<Naming>;

/** `forewarn proposals apply <id>`: changes a threshold, or takes a category into the rules, under the caller's name. */
export const applyProposalCommand = async (id: string, options: ApplyOptions): Promise<void> => {
  const as = namingOf(options);
  const words = { ...wordsOf(options), ...(Object.keys(as).length === 0 ? {} : { as }) };
  const changed = await withDesk(configFrom(options), (desk) => desk.apply(id, words));
  if (options.json === true) console.log(JSON.stringify(changed, null, 2));
  else if (changed.kind === 'threshold') console.log(`${changed.subject} is now ${changed.after}`);
  else
    console.log(
      `${changed.category} is now a category; ${changed.subject} means it from now on, where no code says otherwise`,
    );
};

/** `forewarn proposals revert <id>`: puts back what stood there before. */
export const revertProposalCommand = async (id: string, options: ChangeOptions): Promise<void> => {
  const changed = await withDesk(configFrom(options), (desk) => desk.revert(id, wordsOf(options)));
  if (options.json === true) console.log(JSON.stringify(changed, null, 2));
  else if (changed.kind === 'threshold') console.log(`${changed.subject} is now ${changed.before}`);
  else console.log(`${changed.category} is no longer a category`);
};

const wordsOf = ({ by = userInfo().username, reason }: ChangeOptions) => ({
  by,
  ...(reason === undefined ? {} : { reason }),
});

const namingOf = ({
  name,
  family,
  severity,
  predictable,
  about,
  list,
  words,
}: ApplyOptions): Partial<Naming> => ({
  ...(name === undefined ? {} : { name }),
  ...(family === undefined ? {} : { family }),
  ...(severity === undefined ? {} : { severity }),
  ...(predictable === undefined ? {} : { predictable }),
  ...(about === undefined ? {} : { about }),
  ...(list === undefined ? {} : { list }),
  ...(words === undefined ? {} : { words }),
});

const withDesk = async <T>(config: Config, work: (desk: Desk) => Promise<T>): Promise<T> => {
  const running = await runningProcess(config);
  if (running === undefined) return withStoppedReviews(config, work);
  return work({
    proposals: () => running.get('/v1/proposals'),
    apply: (id, words) => running.post(`/v1/proposals/${encodeURIComponent(id)}/apply`, words),
    revert: (id, words) => running.post(`/v1/proposals/${encodeURIComponent(id)}/revert`, words),
  });
};

const cellsOf = (one: Proposal): readonly string[] => [
  one.id.slice(0, 8),
  one.review,
  one.state,
  one.subject,
  ...(one.kind === 'threshold' ? thresholdCells(one) : categoryCells(one)),
];

const thresholdCells = (one: ThresholdChange): readonly string[] => {
  const says = (value: number): string =>
    one.currency === null ? value.toFixed(3) : `${(value / 100).toFixed(0)} ${one.currency}`;
  return [
    String(one.state === 'applied' ? one.after : one.before),
    String(one.after),
    `${says(one.gain)} (${says(one.low)} to ${says(one.high)})`,
    `${one.cases}, ${one.breaches} broken`,
  ];
};

const categoryCells = ({ state, category, finding }: CategoryChange): readonly string[] => [
  state === 'applied' ? (category ?? '') : 'no category',
  category ?? `a category, such as ${finding.suggestedName}`,
  '–',
  `${finding.lately} lately, ${finding.before} before`,
];
