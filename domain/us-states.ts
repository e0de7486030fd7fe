/** FIPS state codes by postal abbreviation (ANSI INCITS 38, with the territories that the NWS serves). */
const fipsByState =
  'AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 LA22 ME23 MD24 MA25 MI26 ' +
  'MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 ' +
  'VA51 WA53 WV54 WI55 WY56 AS60 GU66 MP69 PR72 VI78';

const stateByFips: ReadonlyMap<string, string> = new Map(
  fipsByState.split(' ').map((word) => [word.slice(2), word.slice(0, 2)]),
);

/** The UGC code of a county by its five digits of FIPS, null for what is none: `17031` → `ILC031`. */
export const countyZone = (fips: string): string | null => {
  const state = /^\d{5}$/.test(fips) ? stateByFips.get(fips.slice(0, 2)) : undefined;
  return state === undefined ? null : `${state}C${fips.slice(2)}`;
};
