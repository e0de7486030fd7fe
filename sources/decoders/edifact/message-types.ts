import type { Message } from './envelope-parts.ts';

/** What messages are for that partners send beside IFTSTA, so that a failure says what was not taken. */
const others: Readonly<Record<string, string>> = {
  BAPLIE: 'stowage plan of a vessel',
  CODECO: 'container gate-in or gate-out report',
  COARRI: 'container discharge or loading report',
  COPARN: 'container announcement',
  COPRAR: 'container discharge or loading order',
  COREOR: 'container release order',
  COHAOR: 'container special handling order',
  CUSCAR: 'customs cargo report',
  CUSDEC: 'customs declaration',
  CUSRES: 'customs response',
  DESADV: 'despatch advice',
  IFCSUM: 'forwarding and consolidation summary',
  IFTMAN: 'arrival notice',
  IFTMBC: 'booking confirmation',
  IFTMBF: 'firm booking',
  IFTMBP: 'provisional booking',
  IFTMCS: 'contract status',
  IFTMIN: 'transport instruction',
  IFTSAI: 'transport schedule',
  IFTSTQ: 'request for a status report',
  INVOIC: 'invoice',
  MSCONS: 'metered consumption report',
  ORDERS: 'purchase order',
  RECADV: 'receiving advice',
  UTILMD: 'utilities master data',
};

/** `message type CODECO (container gate-in or gate-out report) is not taken`. */
export const notTaken = (type: string): string => {
  const about = Object.hasOwn(others, type) ? others[type] : undefined;
  return `message type ${type}${about === undefined ? '' : ` (${about})`} is not taken`;
};

/** Messages that only say what became of a message. */
export const isAcknowledgement = (type: string): boolean => type === 'CONTRL' || type === 'APERAK';

/** UNB 0007 of the German energy market: BDEW and DVGW. */
const energyQualifiers: ReadonlySet<string> = new Set(['500', '502']);

/**
 * Why an IFTSTA of the German energy market (EDI@Energy) is none of ours, or null. It is known by its association code,
 * a version of that market's own such as `2.0a` or `2.1`, by its parties' code lists in UNB (500, 502), or by those in NAD
 * (3055 is 293 or 332).
 */
export const energyMarket = (
  { association, interchange }: Message,
  partyAgencies: readonly string[],
): string | null => {
  const sign = /^S?\d+\.\d+[a-z]?$/i.test(association)
    ? `association code ${association}`
    : energyQualifiers.has(interchange?.sender.qualifier ?? '')
      ? `sender of code list ${interchange?.sender.qualifier}`
      : partyAgencies.some((agency) => agency === '293' || agency === '332')
        ? 'parties of code list 293 or 332'
        : null;
  return sign === null
    ? null
    : `message type IFTSTA of the energy market (${sign}) is about meters and suppliers, not about shipments; it is not taken`;
};
