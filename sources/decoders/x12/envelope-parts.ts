import type { EdiParty } from '../../../domain/edi-interchange.ts';
import type { EnvelopeFinding } from '../envelope-findings.ts';

/** A transaction set, from its ST to its SE, not yet cut into elements. */
export interface Transaction {
  readonly kind: 'transaction';
  readonly start: number;
  readonly end: number;
  /** Transaction set identifier, ST01, such as `214`. */
  readonly set: string;
  readonly element: string;
  /** Control number, ST02. */
  readonly control: string;
  /** Who sent the interchange, and to whom; null for a transaction without one. */
  readonly sender: EdiParty | null;
  readonly receiver: EdiParty | null;
  /** Segments between ST and SE. */
  readonly segments: readonly string[];
  /** Date and time of the functional group, GS04 and GS05, as they came. */
  readonly groupDate: string;
  readonly groupTime: string;
  /** The functional group that it stands in: one object for all its sets; null outside of any. */
  readonly group: { readonly id: string; readonly control: string; readonly version: string } | null;
  /** What is wrong with its envelope, so that its content cannot be trusted. */
  readonly problem: string | null;
  /** That as element 718 has it: `2` no SE, `3` ST and SE disagree, `5` ST or SE damaged. */
  readonly fault: '2' | '3' | '5' | null;
  /** False where SE01 says another number of segments. */
  readonly countsAgree: boolean;
}

/** Text that belongs to no transaction. */
export interface Stray {
  readonly kind: 'stray';
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** A TA1: the partner's system has received something of ours. */
export interface InterchangeAcknowledgement {
  readonly kind: 'acknowledgement';
}

export interface Envelope {
  readonly parts: readonly (Transaction | Stray | InterchangeAcknowledgement)[];
  /** What is odd about it, such as counts that do not agree. It is told and never a reason to lose a transaction. */
  readonly findings: readonly EnvelopeFinding[];
}
