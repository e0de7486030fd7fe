import { userInfo } from 'node:os';
import type { Proposal } from '../domain/review/proposals.ts';
import type { Config } from '../runtime/config/config.ts';
import type { Reviews } from '../runtime/wire/reviews.ts';
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

/** `forewarn proposals apply <id>` and `revert <id>`: changes one threshold in the rules, under the caller's name. */
export const changeProposalCommand =
  (verb: 'apply' | 'revert') =>
  async (id: string, options: ChangeOptions): Promise<void> => {
    const { reason } = options;
    const words = { by: options.by ?? userInfo().username, ...(reason === undefined ? {} : { reason }) };
    const changed = await withDesk(configFrom(options), (desk) => desk[verb](id, words));
    const now = verb === 'apply' ? changed.after : changed.before;
    if (options.json === true) console.log(JSON.stringify(changed, null, 2));
    else console.log(`${changed.subject} is now ${now}`);
  };

const withDesk = async <T>(config: Config, work: (desk: Desk) => Promise<T>): Promise<T> => {
  const running = await runningProcess(config);
  if (running === undefined) return withStoppedReviews(config, work);
  return work({
    proposals: () => running.get('/v1/proposals'),
    apply: (id, words) => running.post(`/v1/proposals/${encodeURIComponent(id)}/apply`, words),
    revert: (id, words) => running.post(`/v1/proposals/${encodeURIComponent(id)}/revert`, words),
  });
};

const cellsOf = (one: Proposal): readonly string[] => {
  const says = (value: number): string =>
    one.currency === null ? value.toFixed(3) : `${(value / 100).toFixed(0)} ${one.currency}`;
  return [
    one.id.slice(0, 8),
    one.review,
    one.state,
    one.subject,
    String(one.state === 'applied' ? one.after : one.before),
    String(one.after),
    `${says(one.gain)} (${says(one.low)} to ${says(one.high)})`,
    `${one.cases}, ${one.breaches} broken`,
  ];
};
