import type { CodeMappings } from '../../../domain/code-mapping.ts';
import type { ScanAt } from './carrier-reply.ts';
import { firstText, textAt } from './tree.ts';

export interface CodesOfScan {
  readonly status: string;
  readonly statusList: string;
  readonly reason: string | null;
}

interface Mapped {
  readonly mappings: CodeMappings;
  readonly standard: string;
  readonly partner: string | null;
}

/**
 * The finest code that is mapped says what happened: of a detail and a status, the detail where its list has it. Where
 * none is mapped it is the coarsest, so that what is counted as unmapped is a code of the carrier's main list; a finer
 * code that is not mapped stands as the reason then, unless the scan has one, and so is counted too. Null: no code at all.
 */
export const codesOfScan = (scan: unknown, at: ScanAt, from: Mapped): CodesOfScan | null => {
  const { mappings, standard, partner } = from;
  const there = at.status.flatMap(({ list, path }) => {
    const code = textAt(scan, path);
    return code === null ? [] : [{ list, code }];
  });
  const reason = firstText(scan, at.reason ?? []);
  const isMapped = (list: string, code: string): boolean =>
    mappings.find({ standard, partner, list, agency: null, code }) !== null;
  const chosen = there.find(({ list, code }) => isMapped(list, code)) ?? there.at(-1);
  if (chosen === undefined) return null;
  const [finest] = there;
  const passedOver = finest !== undefined && finest !== chosen ? finest.code : null;
  return { status: chosen.code, statusList: chosen.list, reason: reason ?? passedOver };
};
