/** One primary VTEC of an alert (NWS Instruction 10-1703): which hazard it speaks of, and what becomes of it. */
export interface Vtec {
  /** False for test, experimental and experimental-in-operational products (T, E, X). */
  readonly operational: boolean;
  readonly action: string;
  /** Office, phenomenon, significance and event number: `KOHX.WI.Y.0001`. Numbers begin at 0001 every year. */
  readonly event: string;
  /** Milliseconds, or null where the VTEC leaves it open (`000000T0000Z`). */
  readonly beginsAt: number | null;
  readonly endsAt: number | null;
}

const pattern =
  /^\/([OTEX])\.(NEW|CON|EXT|EXA|EXB|UPG|COR|CAN|EXP|ROU)\.([A-Z]{4})\.([A-Z]{2})\.([A-Z])\.(\d{4})\.(\d{6}T\d{4}Z)-(\d{6}T\d{4}Z)\/$/;

/**
 * `/O.CON.KOHX.WI.Y.0001.240109T0000Z-240110T0600Z/` → CON, `KOHX.WI.Y.0001`, 9 January 00:00Z to 10 January
 * 06:00Z. Null for what is no primary VTEC, such as the hydrologic one beside it.
 */
export const readVtec = (text: string): Vtec | null => {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const [
    ,
    product,
    action = '',
    office = '',
    phenomenon = '',
    significance = '',
    number = '',
    begin = '',
    end = '',
  ] = match;
  return {
    operational: product === 'O',
    action,
    event: `${office}.${phenomenon}.${significance}.${number}`,
    beginsAt: timeOf(begin),
    endsAt: timeOf(end),
  };
};

/**
 * The hazard over the years: its event with the year in which it was issued, which it keeps until it is over. What is NEW
 * was issued in the year of its message. Of all else the message does not say: it is the year before where all messages
 * that it refers to were sent then, else its own. NEW on 31 December 2024 → `KOHX.WI.Y.0001.2024`, and CON on 1 January
 * that refers to it, too; the next CON refers to both and says 2025, and `hazardsTable` finds the one that still holds.
 */
export const hazardIdOf = (
  { event, action }: Vtec,
  sentAt: number,
  referredSentAt: readonly number[],
): string => {
  const year = yearOf(sentAt);
  const isOlder =
    action !== 'NEW' && referredSentAt.length > 0 && referredSentAt.every((at) => yearOf(at) < year);
  return `${event}.${isOlder ? year - 1 : year}`;
};

const yearOf = (at: number): number => new Date(at).getUTCFullYear();

const timeOf = (text: string): number | null => {
  if (text.startsWith('000000')) return null;
  const at = Date.parse(
    `20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}T${text.slice(7, 9)}:${text.slice(9, 11)}:00Z`,
  );
  return Number.isNaN(at) ? null : at;
};
