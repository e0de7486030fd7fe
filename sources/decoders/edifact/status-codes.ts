import type { CodeMappings } from '../../../domain/code-mapping.ts';

export const IFTSTA = 'edifact-iftsta';
/** Ocean carriers report by X12 element 157 in IFTSTA too: their codes have the meaning that a 315 gives them. */
const X12_OCEAN = { standard: 'x12-315', list: '157' } as const;

/** One code of STS with the list (1131) and the agency (3055) that it says it is from. */
export interface ListedCode {
  readonly code: string;
  readonly list: string;
  readonly agency: string;
}

/** A code as it is kept, and how its meaning is asked for. */
export interface FoundCode {
  readonly standard: string;
  /** What stays with the event: `21`, `4405:21`, and `P::HS` as it came from a list of others. */
  readonly kept: string;
  readonly code: string;
  readonly list: string;
  readonly agency: string | null;
}

/** Whose mapping is asked. */
export interface Asked {
  readonly mappings: CodeMappings;
  readonly standard: string;
  readonly partner: string | null;
}

/** Lists of the UN's own, under the names they go by in 1131. */
const official: ReadonlySet<string> = new Set(['', '9011', '4405', '9013', '24', 'R24', 'REC24']);
/** Lists of the mapping whose numbers are the UN's: nobody else's number is looked up in them. */
const numbered: ReadonlySet<string> = new Set(['9011', '4405', '9013', '2005']);
const ANSI = '116';

const isOfficial = ({ list, agency }: ListedCode): boolean =>
  official.has(list.toUpperCase()) && (agency === '' || agency === '6');

/** `P::HS`, `13:SMDG:306`; `21` where neither list nor agency is named. */
const writtenOut = ({ code, list, agency }: ListedCode): string =>
  agency === '' ? (list === '' ? code : `${code}:${list}`) : `${code}:${list}:${agency}`;

/** A code of somebody's own list: as a partner's file writes it out, else by its agency, or by its list where it names none. */
const findForeign = (asked: Asked, role: 'status' | 'reason', came: ListedCode): FoundCode | null => {
  const { mappings, standard, partner } = asked;
  const kept = writtenOut(came);
  const agency = came.agency || came.list || null;
  const lists = mappings.lists(standard, role);
  const has = (list: string, code: string): boolean =>
    mappings.find({ standard, partner, list, agency, code }) !== null;
  const whole = lists.find((list) => has(list, kept));
  if (whole !== undefined) return { standard, kept, code: kept, list: whole, agency };
  const own = lists.find((list) => !numbered.has(list) && has(list, came.code));
  return own === undefined ? null : { standard, kept, code: came.code, list: own, agency };
};

/**
 * Where a status code has its meaning. `transport` is STS type (9015) 1 or none: its numbers are those of 9011, which
 * Recommendation 24 goes on with, and of 4405 only where 9011 has none. Numbers of other types are 4405's. ANSI's codes
 * (agency 116), and letters that no list is named for, are element 157's. What is found nowhere is unmapped as it came.
 */
export const findStatus = (asked: Asked, came: ListedCode, transport: boolean): FoundCode => {
  const { mappings, standard, partner } = asked;
  const isOurs = isOfficial(came);
  if (isOurs) {
    for (const list of transport ? ['9011', '4405'] : ['4405']) {
      const { code } = came;
      if (mappings.find({ standard, partner, list, agency: null, code }) !== null)
        return { standard, kept: list === '4405' ? `4405:${code}` : code, code, list, agency: null };
    }
  }
  const foreign = findForeign(asked, 'status', came);
  if (foreign !== null) return foreign;
  const letters = came.code.toUpperCase();
  const isAnsi = came.agency === ANSI || (isOurs && /^[A-Z]/.test(letters));
  if (isAnsi && mappings.find({ ...X12_OCEAN, partner, agency: null, code: letters }) !== null)
    return { ...X12_OCEAN, kept: letters, code: letters, agency: null };
  const kept = isOurs && !transport ? `4405:${came.code}` : writtenOut(came);
  return { standard, kept, code: kept, list: 'none', agency: null };
};

/** Where a reason has its meaning: 9013, or somebody's own list. */
export const findReason = (asked: Asked, came: ListedCode): FoundCode => {
  const { standard } = asked;
  if (isOfficial(came)) return { standard, kept: came.code, code: came.code, list: '9013', agency: null };
  const kept = writtenOut(came);
  return findForeign(asked, 'reason', came) ?? { standard, kept, code: kept, list: 'none', agency: null };
};
