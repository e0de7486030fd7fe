import type { RefusalReason } from './page/contract.ts';

/** Why a person refuses, as codes, so that the review can count them; the words are for people. */
export const refusalReasons: readonly RefusalReason[] = [
  { code: 'too_costly', words: 'Too costly', noteNeeded: false },
  { code: 'not_needed', words: 'Not needed', noteNeeded: false },
  { code: 'customer_knows', words: 'Customer knows', noteNeeded: false },
  { code: 'already_done', words: 'Already done', noteNeeded: false },
  { code: 'wrong_data', words: 'Data is wrong', noteNeeded: false },
  { code: 'other', words: 'Other', noteNeeded: true },
];
