import type { Dispatch } from '../../../domain/dispatch.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { SendContext, SendOutcome } from '../channel.ts';
import type { Reader } from '../templates/message.ts';

/** Somebody who is told by an address of their own. */
export interface Recipient {
  readonly address: string;
  readonly reader: Reader;
  /** Names the address in the ledger without saying it. */
  readonly key: string;
}

export interface RecipientOptions {
  readonly address: 'email' | 'phone';
  /** Who is told when an action names nobody, as one to the desk does. */
  readonly to: readonly string[];
  /** Language and zone of those, and the zone of a contact who has none. */
  readonly language: string;
  readonly zone: string;
}

/** Whom a dispatch tells by one kind of address, everybody once. */
export const recipientsOf = (
  action: Dispatch,
  { address, to, language, zone }: RecipientOptions,
): Recipient[] => {
  const named = action.recipients.flatMap((contact) => {
    const own = contact[address];
    const reader = { language: contact.language, zone: contact.zone ?? zone, name: contact.name };
    return own === null ? [] : [{ address: own, reader }];
  });
  const fixed = to.map((own) => ({ address: own, reader: { language, zone, name: '' } }));
  const told = new Map<string, Recipient>();
  for (const one of action.recipients.length === 0 ? fixed : named) {
    const key = stableId('recipient', one.address.toLowerCase());
    if (!told.has(key)) told.set(key, { ...one, key });
  }
  return [...told.values()];
};

const count = (outcomes: readonly SendOutcome[], kind: SendOutcome['kind']): number =>
  outcomes.filter((outcome) => outcome.kind === kind).length;

const REFUSED = ':refused';
const refusedBy = ({ key }: Recipient): string => `${key}${REFUSED}`;

/**
 * Tells several recipients one after the other, and makes one outcome of it: a lost answer for one of them is a lost answer
 * (`unknown`); otherwise whoever may still be told is a reason to try again (`retry`); otherwise `sent`, if anybody was told,
 * or all have refused. Whoever was told, or has refused, is in `reached` and is not told by a later attempt: A yes, B 450,
 * C 550 → retry, reached A and C; the next attempt tells B alone. Once somebody asks to wait, the rest waits too.
 */
export const tellEach = async (
  recipients: readonly Recipient[],
  { signal, reached: before = [] }: SendContext,
  tell: (recipient: Recipient) => Promise<SendOutcome>,
): Promise<SendOutcome> => {
  const outcomes: SendOutcome[] = [];
  const reached: string[] = [];
  for (const recipient of recipients) {
    if (before.includes(recipient.key) || before.includes(refusedBy(recipient))) continue;
    // Not begun, so it can be told later.
    if (signal.aborted) outcomes.push({ kind: 'retry', error: 'stopped before its turn' });
    else outcomes.push(await tell(recipient));
    const last = outcomes.at(-1);
    if (last?.kind === 'sent') reached.push(recipient.key);
    else if (last?.kind === 'refused') reached.push(refusedBy(recipient));
    if (last?.kind === 'retry' && last.retryAfterMs !== undefined) break;
  }
  const worst = (['unknown', 'retry', 'refused', 'sent'] as const).find((kind) => count(outcomes, kind) > 0);
  const said = outcomes.find(({ kind }) => kind === worst) ?? { kind: 'sent' };
  const told = [...before, ...reached].filter((key) => !key.endsWith(REFUSED)).length;
  // Some have it: the action did what it could.
  const kind = worst === 'refused' && told > 0 ? 'sent' : (worst ?? 'sent');
  const some = outcomes.length > 1 || before.length > 0;
  return {
    ...said,
    kind,
    reached,
    ...(said.error === undefined || !some
      ? {}
      : { error: `${said.error} (${told} of ${recipients.length} told)` }),
  };
};
