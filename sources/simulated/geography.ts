/** A place that freight passes: a hub, a port, or a county on the road between two of them. */
export interface Place {
  readonly key: string;
  readonly kind: 'hub' | 'port' | 'abroad' | 'road';
  readonly city: string;
  readonly region: string;
  readonly country: string;
  readonly timeZone: string;
  readonly latitude: number;
  readonly longitude: number;
  /** NWS forecast office; empty abroad. */
  readonly office: string;
  /** County UGC codes and names; the code is state, `C`, and the county's FIPS number. */
  readonly counties: readonly (readonly [ugc: string, name: string])[];
}

type Row = readonly [
  key: string,
  kind: Place['kind'],
  city: string,
  region: string,
  zone: keyof typeof timeZones,
  latitude: number,
  longitude: number,
  office: string,
  counties: string,
];

const timeZones = {
  E: 'America/New_York',
  C: 'America/Chicago',
  M: 'America/Denver',
  P: 'America/Los_Angeles',
  A: 'America/Phoenix',
  T: 'America/Tijuana',
  H: 'America/Halifax',
  N: 'America/Nassau',
} as const;

// Counties by FIPS 6-4; offices by the NWS county warning areas.
const rows: readonly Row[] = [
  ['CHI', 'hub', 'Chicago', 'IL', 'C', 41.88, -87.63, 'KLOT', 'ILC031 Cook,ILC043 DuPage,ILC197 Will'],
  ['CMH', 'hub', 'Columbus', 'OH', 'E', 39.96, -83.0, 'KILN', 'OHC049 Franklin,OHC089 Licking'],
  [
    'MEM',
    'hub',
    'Memphis',
    'TN',
    'C',
    35.15,
    -90.05,
    'KMEG',
    'TNC157 Shelby,MSC033 DeSoto,ARC035 Crittenden',
  ],
  ['ATL', 'hub', 'Atlanta', 'GA', 'E', 33.75, -84.39, 'KFFC', 'GAC121 Fulton,GAC089 DeKalb,GAC063 Clayton'],
  ['DFW', 'hub', 'Dallas', 'TX', 'C', 32.78, -96.8, 'KFWD', 'TXC113 Dallas,TXC439 Tarrant'],
  [
    'KCK',
    'hub',
    'Kansas City',
    'MO',
    'C',
    39.1,
    -94.58,
    'KEAX',
    'MOC095 Jackson,KSC209 Wyandotte,KSC091 Johnson',
  ],
  ['DEN', 'hub', 'Denver', 'CO', 'M', 39.74, -104.99, 'KBOU', 'COC031 Denver,COC001 Adams,COC005 Arapahoe'],
  ['SLC', 'hub', 'Salt Lake City', 'UT', 'M', 40.76, -111.89, 'KSLC', 'UTC035 Salt Lake,UTC011 Davis'],
  ['LAX', 'hub', 'Los Angeles', 'CA', 'P', 34.05, -118.24, 'KLOX', 'CAC037 Los Angeles'],
  ['SEA', 'hub', 'Seattle', 'WA', 'P', 47.61, -122.33, 'KSEW', 'WAC033 King,WAC053 Pierce'],
  ['NYC', 'hub', 'Newark', 'NJ', 'E', 40.74, -74.17, 'KOKX', 'NJC013 Essex,NJC017 Hudson,NJC039 Union'],
  ['HAR', 'hub', 'Harrisburg', 'PA', 'E', 40.27, -76.88, 'KCTP', 'PAC043 Dauphin,PAC041 Cumberland'],
  ['SAV', 'hub', 'Savannah', 'GA', 'E', 32.08, -81.09, 'KCHS', 'GAC051 Chatham,GAC103 Effingham'],
  ['CLT', 'hub', 'Charlotte', 'NC', 'E', 35.23, -80.84, 'KGSP', 'NCC119 Mecklenburg,NCC071 Gaston'],
  ['PHX', 'hub', 'Phoenix', 'AZ', 'A', 33.45, -112.07, 'KPSR', 'AZC013 Maricopa'],
  ['USLAX', 'port', 'San Pedro', 'CA', 'P', 33.74, -118.26, 'KLOX', 'CAC037 Los Angeles'],
  ['USNYC', 'port', 'Elizabeth', 'NJ', 'E', 40.68, -74.15, 'KOKX', 'NJC039 Union,NJC017 Hudson'],
  ['USSAV', 'port', 'Garden City', 'GA', 'E', 32.12, -81.15, 'KCHS', 'GAC051 Chatham'],
  ['MXESE', 'abroad', 'Ensenada', 'MX', 'T', 31.86, -116.6, '', ''],
  ['CAHAL', 'abroad', 'Halifax', 'CA', 'H', 44.65, -63.57, '', ''],
  ['BSFPO', 'abroad', 'Freeport', 'BS', 'N', 26.53, -78.7, '', ''],
  ['IND', 'road', 'Indianapolis', 'IN', 'E', 39.77, -86.16, 'KIND', 'INC097 Marion'],
  ['SDF', 'road', 'Louisville', 'KY', 'E', 38.25, -85.76, 'KLMK', 'KYC111 Jefferson'],
  ['BNA', 'road', 'Nashville', 'TN', 'C', 36.16, -86.78, 'KOHX', 'TNC037 Davidson'],
  ['STL', 'road', 'St. Louis', 'MO', 'C', 38.63, -90.2, 'KLSX', 'MOC189 St. Louis'],
  ['LIT', 'road', 'Little Rock', 'AR', 'C', 34.75, -92.29, 'KLZK', 'ARC119 Pulaski'],
  ['OKC', 'road', 'Oklahoma City', 'OK', 'C', 35.47, -97.52, 'KOUN', 'OKC109 Oklahoma'],
  ['AMA', 'road', 'Amarillo', 'TX', 'C', 35.22, -101.83, 'KAMA', 'TXC375 Potter'],
  ['ABQ', 'road', 'Albuquerque', 'NM', 'M', 35.08, -106.65, 'KABQ', 'NMC001 Bernalillo'],
  ['LRU', 'road', 'Las Cruces', 'NM', 'M', 32.31, -106.77, 'KEPZ', 'NMC013 Dona Ana'],
  ['OMA', 'road', 'Omaha', 'NE', 'C', 41.26, -95.93, 'KOAX', 'NEC055 Douglas'],
  ['DSM', 'road', 'Des Moines', 'IA', 'C', 41.59, -93.62, 'KDMX', 'IAC153 Polk'],
  ['ICT', 'road', 'Wichita', 'KS', 'C', 37.69, -97.34, 'KICT', 'KSC173 Sedgwick'],
  ['CYS', 'road', 'Cheyenne', 'WY', 'M', 41.14, -104.82, 'KCYS', 'WYC021 Laramie'],
  ['GJT', 'road', 'Grand Junction', 'CO', 'M', 39.06, -108.55, 'KGJT', 'COC077 Mesa'],
  ['BOI', 'road', 'Boise', 'ID', 'M', 43.62, -116.2, 'KBOI', 'IDC001 Ada'],
  ['PDX', 'road', 'Portland', 'OR', 'P', 45.52, -122.68, 'KPQR', 'ORC051 Multnomah'],
  ['LAS', 'road', 'Las Vegas', 'NV', 'P', 36.17, -115.14, 'KVEF', 'NVC003 Clark'],
  ['FLG', 'road', 'Flagstaff', 'AZ', 'A', 35.2, -111.65, 'KFGZ', 'AZC005 Coconino'],
  ['TOL', 'road', 'Toledo', 'OH', 'E', 41.65, -83.54, 'KCLE', 'OHC095 Lucas'],
  ['CLE', 'road', 'Cleveland', 'OH', 'E', 41.5, -81.69, 'KCLE', 'OHC035 Cuyahoga'],
  ['PIT', 'road', 'Pittsburgh', 'PA', 'E', 40.44, -80.0, 'KPBZ', 'PAC003 Allegheny'],
  ['CVG', 'road', 'Cincinnati', 'OH', 'E', 39.1, -84.51, 'KILN', 'OHC061 Hamilton'],
  ['ROA', 'road', 'Roanoke', 'VA', 'E', 37.27, -79.94, 'KRNK', 'VAC161 Roanoke'],
  ['BHM', 'road', 'Birmingham', 'AL', 'C', 33.52, -86.8, 'KBMX', 'ALC073 Jefferson'],
  ['CAE', 'road', 'Columbia', 'SC', 'E', 34.0, -81.03, 'KCAE', 'SCC079 Richland'],
  ['RIC', 'road', 'Richmond', 'VA', 'E', 37.54, -77.44, 'KAKQ', 'VAC087 Henrico'],
  ['BWI', 'road', 'Baltimore', 'MD', 'E', 39.29, -76.61, 'KLWX', 'MDC005 Baltimore'],
];

const placeOf = (row: Row): Place => {
  const [key, kind, city, region, zone, latitude, longitude, office, counties] = row;
  return {
    key,
    kind,
    city,
    region: kind === 'abroad' ? '' : region,
    country: kind === 'abroad' ? region : 'US',
    timeZone: timeZones[zone],
    latitude,
    longitude,
    office,
    counties: counties
      .split(',')
      .filter((county) => county !== '')
      .map((county) => [county.slice(0, 6), county.slice(7)] as const),
  };
};

export const places: readonly Place[] = rows.map(placeOf);

const placesByKey = new Map(places.map((place) => [place.key, place]));

export const placeNamed = (key: string): Place => {
  const place = placesByKey.get(key);
  if (place === undefined) throw new RangeError(`no place "${key}" in the simulated world`);
  return place;
};

export const hubs: readonly Place[] = places.filter((place) => place.kind === 'hub');
export const ports: readonly Place[] = places.filter((place) => place.kind === 'port');
