import type { Contest } from './contest.ts';
import { joinContests } from './join-contests.ts';
import { keyedContests } from './keyed-contests.ts';
import { statelessContests } from './stateless-contests.ts';
import { windowContests } from './window-contests.ts';

/** Every operator that is measured. A look-up is not: it waits for a service, and that is all it does. */
export const contests: readonly Contest[] = [
  ...statelessContests,
  ...keyedContests,
  ...windowContests,
  ...joinContests,
];
