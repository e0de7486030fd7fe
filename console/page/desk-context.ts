import type { CallerView, RefusalReason } from './contract.ts';

/** Who sits before the page, as far as it is known yet. */
export interface DeskContext {
  /** The name under which this person decides; empty while they have not said. */
  readonly me: () => string;
  readonly caller: () => CallerView;
  readonly reasons: () => readonly RefusalReason[];
}

/** Whether somebody with these roles may decide what is for `role`; null is for everybody. */
export const hasRole = (roles: readonly string[], role: string | null): boolean =>
  role === null || roles.includes('*') || roles.includes(role);
