import type { EdiParty } from './edi-interchange.ts';

/** What a 997 says of one segment: AK3, and AK4 for each of its elements that is in error. */
export interface SegmentError {
  /** Segment id as it came. */
  readonly segment: string;
  /** Number of the segment in its set; ST is 1. */
  readonly position: number;
  /** Element 720: `1` no segment, `3` a mandatory one is missing, `5` it comes too often, `6` it is of another set, `8` its elements are in error. */
  readonly code: string;
  readonly elements: readonly {
    /** Of the element in its segment, from 1. */
    readonly position: number;
    /** Its number in the dictionary, 725: `373` is a date. */
    readonly reference: string;
    /** Element 723: `8` no date, `9` no time. */
    readonly code: string;
    readonly value: string;
  }[];
}

/** What a 997 says of one transaction set: AK2 with AK3, AK4 and AK5. */
export interface SetAnswer {
  /** ST01 and ST02. */
  readonly set: string;
  readonly control: string;
  /** Element 717: accepted, accepted with errors noted, rejected. */
  readonly verdict: 'A' | 'E' | 'R';
  /** Element 718: `1` not taken, `2` its SE is missing, `3` ST and SE disagree, `4` its count is wrong, `5` segments in error. */
  readonly reasons: readonly string[];
  readonly errors: readonly SegmentError[];
}

/** What a 997 or 999 says of one functional group that somebody sent us. */
export interface GroupAnswer {
  /** Who sent it, and to whom. */
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** GS01 and GS06, as they came. */
  readonly functionalGroup: string;
  readonly control: string;
  /** GS08, such as `005010`; empty where it names none. */
  readonly version: string;
  readonly sets: readonly SetAnswer[];
}

/** Element 715: a group of which nothing was accepted is rejected, one of which something was not is accepted in part. */
export const verdictOnGroup = ({ sets }: GroupAnswer): 'A' | 'E' | 'P' | 'R' => {
  const rejected = sets.filter(({ verdict }) => verdict === 'R').length;
  if (rejected > 0) return rejected === sets.length ? 'R' : 'P';
  return sets.some(({ verdict }) => verdict === 'E') ? 'E' : 'A';
};
