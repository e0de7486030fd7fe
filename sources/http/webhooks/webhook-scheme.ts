import { createHash, timingSafeEqual } from 'node:crypto';

/** Why a request is not taken; a closed list, since it is counted. */
export const refusals = ['unsigned', 'malformed', 'stale', 'unknown_key', 'mismatch'] as const;
export type WhyRefused = (typeof refusals)[number];

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came: one byte more or less is another message. */
  readonly body: Uint8Array;
  readonly nowMs: number;
}

/** The sender's id of what it signed, or why it is not what the sender signed. */
export type Verdict = { readonly id: string } | { readonly why: WhyRefused; readonly detail: string };

/** How one sender signs. `detail` never holds a secret or a signature that would have been right. */
export interface WebhookScheme {
  /** Without it a request is not signed at all, and its body need not be read. */
  readonly header: string;
  verify(request: SignedRequest): Verdict | Promise<Verdict>;
}

export const headerOf = ({ headers }: SignedRequest, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};

export const missing = (header: string): Verdict => ({
  why: 'unsigned',
  detail: `header ${header} is missing`,
});

/** Equal in constant time; what has another length is unequal at once, as its length is no secret. */
export const sameBytes = (given: Uint8Array, expected: Uint8Array): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

/**
 * Id of a message whose sender signs no id: a message that is sent again, by the sender or by one who recorded it, is the
 * same bytes, as every one of these carries its own event id and time in its body.
 */
export const idOfBody = (body: Uint8Array): string =>
  `signed:${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;

/** Null where the time is near enough; timestamps are signed, so that an old message cannot be given a new one. */
export const staleness = (sentMs: number, nowMs: number, toleranceSec: number): Verdict | null => {
  const apartSec = Math.round(Math.abs(nowMs - sentMs) / 1_000);
  return apartSec <= toleranceSec
    ? null
    : {
        why: 'stale',
        detail: `its timestamp is ${apartSec} s from our clock, more than ${toleranceSec} s; send it again with a new one`,
      };
};
