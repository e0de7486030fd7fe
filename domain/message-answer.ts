import type { EdiParty } from './edi-interchange.ts';

/** What we say to the sender of one EDIFACT message of what became of it. */
export interface MessageAnswer {
  /** Message reference number, 0062, as it came. */
  readonly message: string;
  /** Document number, 1004 of its BGM; empty where it has none. */
  readonly document: string;
  /** `partly`: a part of it became events, and something in it could not be used. */
  readonly verdict: 'accepted' | 'partly' | 'rejected';
  /** Code and reason of each failure. */
  readonly errors: readonly { readonly code: string; readonly reason: string }[];
}

/** What we say of one EDIFACT interchange that somebody sent us: of each of its messages, in order; there is at least one. */
export interface InterchangeAnswer {
  /** Who sent it, and to whom. */
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** Interchange control reference, 0020, as it came. */
  readonly interchange: string;
  readonly messages: readonly MessageAnswer[];
}
