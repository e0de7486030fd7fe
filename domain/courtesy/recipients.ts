import type { Action } from '../action.ts';
import type { Contact } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';
import { audienceOf } from './audience.ts';

export interface Recipients {
  readonly recipients: readonly Contact[];
  /** Why nobody is left to be told; null where somebody is, or nobody needs to be. */
  readonly nobody: Extract<Dispatch['suppressedBecause'], 'opted_out' | 'no_contact'> | null;
}

/**
 * Whom a message reaches: the contacts of its audience, less those that do not want to hear by this destination. A
 * customer without a directory is told all the same: a webhook needs no names.
 */
export const recipientsOf = (contacts: readonly Contact[] | null, action: Action): Recipients => {
  const audience = audienceOf(action);
  if (audience === null || contacts === null) return { recipients: [], nobody: null };
  const concerned = contacts.filter(({ role }) => role === audience);
  if (concerned.length === 0) return { recipients: [], nobody: 'no_contact' };
  const recipients = concerned.filter(
    ({ optOut }) => !optOut.includes('*') && !optOut.includes(action.destination ?? ''),
  );
  return { recipients, nobody: recipients.length === 0 ? 'opted_out' : null };
};

/** The zone in which they all live; null when they live in several, or nobody said. */
export const commonZone = (recipients: readonly Contact[]): string | null => {
  const [first] = recipients;
  return first !== undefined && recipients.every(({ zone }) => zone === first.zone) ? first.zone : null;
};
