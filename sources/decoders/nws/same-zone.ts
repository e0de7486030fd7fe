/**
 * A SAME code as a zone: `PSSCCC`, where P is the part of the county (0 for the whole), SS the state's and CCC the
 * county's FIPS code (NWS Instruction 10-1712). A part stands for its county, since nothing of ours is finer:
 * `017031` → `SAME:017031` · `317031` → `SAME:017031`.
 */
export const zoneOfSame = (code: string): string =>
  `SAME:${/^\d{6}$/.test(code) ? `0${code.slice(1)}` : code}`;
