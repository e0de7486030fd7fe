import type { EdiParty } from './edi-interchange.ts';

/** What we say to the sender of one EDIFACT message of what became of it. */
export interface MessageAnswer {
  /** Who sent the message, and to whom. */
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** Interchange control reference, 0020, and message reference number, 0062, as they came. */
  readonly interchange: string;
  readonly message: string;
  /** Document number, 1004 of its BGM; empty where it has none. */
  readonly document: string;
  /** `partly`: a part of it became events, and something in it could not be used. */
  readonly verdict: 'accepted' | 'partly' | 'rejected';
  /** Code and reason of each failure. */
  readonly errors: readonly { readonly code: string; readonly reason: string }[];
}
