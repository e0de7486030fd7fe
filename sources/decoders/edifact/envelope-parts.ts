import type { EdiParty } from '../../../domain/edi-interchange.ts';
import type { EnvelopeFinding } from '../envelope-findings.ts';
import type { ServiceCharacters } from './service-characters.ts';

/** What a UNB says: who sent the interchange to whom, when, and in which characters. */
export interface Interchange {
  /** Syntax identifier and version, 0001 and 0002: `UNOC`, `3`. */
  readonly syntax: string;
  readonly syntaxVersion: string;
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** Date and time of preparation, as they came. */
  readonly date: string;
  readonly time: string;
  /** Interchange control reference, 0020. */
  readonly reference: string;
  /** Test indicator, 0035, is 1. */
  readonly isTest: boolean;
}

/** A message, from its UNH to its UNT, not yet cut into elements. */
export interface Message {
  readonly kind: 'message';
  readonly start: number;
  readonly end: number;
  /** S009: type, version, release, controlling agency and association code, such as `IFTSTA`, `D`, `96A`, `UN`, `EAN004`. */
  readonly type: string;
  readonly version: string;
  readonly release: string;
  readonly agency: string;
  readonly association: string;
  /** Message reference number, 0062. */
  readonly reference: string;
  /** Null for a message without a UNB. */
  readonly interchange: Interchange | null;
  readonly characters: ServiceCharacters;
  /** Segments between UNH and UNT. */
  readonly segments: readonly string[];
  /** What is wrong with its envelope, so that its content cannot be trusted. */
  readonly problem: string | null;
}

/** Text that belongs to no message. */
export interface Stray {
  readonly kind: 'stray';
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

export type EnvelopePart = Message | Stray;

export interface Envelope {
  readonly parts: readonly EnvelopePart[];
  /** What is odd about it, such as counts that do not agree. It is told and never a reason to lose a message. */
  readonly findings: readonly EnvelopeFinding[];
}
