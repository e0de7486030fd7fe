/**
 * Zone in which most people of a US state or Canadian province live (IANA tz database, zone1970.tab). Where a state is
 * split, a stop near its border may be an hour off; the event says `zoneSource: stop`, so this can be seen.
 */
const zonesByName: Readonly<Record<string, string>> = {
  'America/New_York': 'CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV',
  'America/Chicago': 'AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI',
  'America/Denver': 'CO MT NM UT WY',
  'America/Boise': 'ID',
  'America/Phoenix': 'AZ',
  'America/Los_Angeles': 'CA NV OR WA',
  'America/Anchorage': 'AK',
  'Pacific/Honolulu': 'HI',
  'America/Puerto_Rico': 'PR VI',
  'Pacific/Guam': 'GU MP',
  'Pacific/Pago_Pago': 'AS',
  'America/Vancouver': 'BC',
  'America/Edmonton': 'AB NT',
  'America/Regina': 'SK',
  'America/Winnipeg': 'MB',
  'America/Toronto': 'ON QC PQ',
  'America/Halifax': 'NS PE',
  'America/Moncton': 'NB',
  'America/St_Johns': 'NL NF',
  'America/Whitehorse': 'YT',
  'America/Iqaluit': 'NU',
};

const zoneByRegion = new Map<string, string>();
for (const [zone, regions] of Object.entries(zonesByName)) {
  for (const region of regions.split(' ')) zoneByRegion.set(region, zone);
}

const northAmerican = new Set(['', 'US', 'USA', 'CA', 'CAN', 'PR']);

/** Zone of a stop, or null outside the USA and Canada, whose region codes mean other places elsewhere. */
export const zoneOfRegion = (region: string | null, country: string | null): string | null =>
  region !== null && northAmerican.has((country ?? '').trim().toUpperCase())
    ? (zoneByRegion.get(region.trim().toUpperCase()) ?? null)
    : null;
