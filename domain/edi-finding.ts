import { z } from 'zod';
import { eventBase } from './event.ts';
import { count, word } from './schema.ts';

/**
 * `wrong_count`: a trailer counts otherwise than there is; `wrong_control`: it names another control number than its header;
 * `no_trailer`: GE, IEA, UNE or UNZ is missing; `no_interchange`: messages stand outside of any ISA or UNB; `wrapped`: line
 * breaks inside of segments; `lower_case`: tags in lower case.
 */
export const ediFindingKinds = [
  'wrong_count',
  'wrong_control',
  'no_trailer',
  'no_interchange',
  'wrapped',
  'lower_case',
] as const;
export type EdiFindingKind = (typeof ediFindingKinds)[number];

/**
 * What is odd about the envelopes of one EDI document and cost no message. One row for each kind, segment and pair of
 * partners: `times` says how often, the rest is of the first time. `at` is when the document was heard.
 */
export const ediFinding = eventBase.extend({
  standard: z.enum(['x12', 'edifact']),
  kind: z.enum(ediFindingKinds).meta({ column: 'LowCardinality(String)' }),
  /** Qualifier and id as the interchange has them, such as `ZZ:FOREWARN`; null outside of any. */
  sender: word.nullable(),
  receiver: word.nullable(),
  /** Trailer or header that it is about, such as `SE` or `UNZ`; null where any segment may be. */
  segment: word.nullable(),
  /** Control number of the set, message, group or interchange; empty where it has none. */
  control: z.string(),
  /** What the trailer says, and what there is; null where nothing is compared. */
  said: z.string().nullable(),
  found: z.string().nullable(),
  /** Bytes from the beginning of the document. */
  byteOffset: count,
  times: count,
});
export type EdiFinding = z.infer<typeof ediFinding>;
