/**
 * The segment that begins the content of a set, of which there is exactly one: it names the shipment. No set that we read has
 * that of another one inside, so wherever one is found in a foreign set, the end of one transaction and the ST of the next were lost
 * between them. A 322 has none: its Q5 may stand anywhere and come again.
 */
export const firstOf: Readonly<Record<string, string>> = {
  '204': 'B2',
  '214': 'B10',
  '315': 'B4',
  '856': 'BSN',
  '990': 'B1',
};

export const firstSegments: ReadonlySet<string> = new Set(Object.values(firstOf));
