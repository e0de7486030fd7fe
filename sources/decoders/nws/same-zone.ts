import { countyZone } from '../../../domain/us-states.ts';

/**
 * A SAME code as zones: itself, and its county as UGC, by which plans know counties. It is `PSSCCC`, where P is the part
 * of the county (0 for the whole), SS the state's and CCC the county's FIPS code (NWS Instruction 10-1712). A part
 * stands for its county, since nothing of ours is finer. `317031` → `SAME:017031`, `ILC031`.
 */
export const zonesOfSame = (code: string): readonly string[] => {
  if (!/^\d{6}$/.test(code)) return [`SAME:${code}`];
  const county = code.endsWith('000') ? null : countyZone(code.slice(1));
  return [`SAME:0${code.slice(1)}`, ...(county === null ? [] : [county])];
};
