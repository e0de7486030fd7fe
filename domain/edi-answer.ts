import type { EdiParty } from './edi-interchange.ts';

/** What a 997 says of one transaction set: AK2 with AK5. */
export interface SetAnswer {
  /** ST01 and ST02. */
  readonly set: string;
  readonly control: string;
  /** Element 717: accepted, accepted with errors noted, rejected. */
  readonly verdict: 'A' | 'E' | 'R';
  /** Element 718: `1` not taken, `2` its SE is missing, `3` ST and SE disagree, `4` its count is wrong, `5` segments in error. */
  readonly reasons: readonly string[];
}

/** What a 997 says of one functional group that somebody sent us. */
export interface GroupAnswer {
  /** Who sent it, and to whom. */
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** GS01 and GS06, as they came. */
  readonly functionalGroup: string;
  readonly control: string;
  readonly sets: readonly SetAnswer[];
}

/** Element 715: a group of which nothing was accepted is rejected, one of which something was not is accepted in part. */
export const verdictOnGroup = ({ sets }: GroupAnswer): 'A' | 'E' | 'P' | 'R' => {
  const rejected = sets.filter(({ verdict }) => verdict === 'R').length;
  if (rejected > 0) return rejected === sets.length ? 'R' : 'P';
  return sets.some(({ verdict }) => verdict === 'E') ? 'E' : 'A';
};
