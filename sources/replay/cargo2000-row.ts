/**
 * One shipment of Cargo 2000 (UCI 382): up to three inbound legs into a hub and one leg out of it. Minutes are
 * those that a step took, not times; a missing value is 0.
 *
 *   leg   := i1 | i2 | i3 | o                      inbound legs and the outbound one
 *   row   := { leg_legid, leg_rcs_{p,e}, (leg_dep_k_{p,e}, leg_dep_k_place, leg_rcf_k_{p,e}, leg_rcf_k_place) × 3,
 *              leg_dlv_{p,e}, leg_hops } × 4, legs
 *   p planned, e effective; k = 1..3 hops; rcs received from shipper, dep departed, rcf received at destination
 *   airport, dlv delivered
 */
export interface Cargo2000Step {
  /** Such as `dep:1`. */
  readonly name: string;
  readonly code: 'RCS' | 'DEP' | 'RCF' | 'DLV';
  readonly plannedMin: number;
  /** 0 where it was never seen. */
  readonly effectiveMin: number;
}

export interface Cargo2000Leg {
  readonly name: 'i1' | 'i2' | 'i3' | 'o';
  readonly from: string;
  readonly to: string;
  readonly steps: readonly Cargo2000Step[];
}

export interface Cargo2000Row {
  /** From 1, in file order, which is order of time. */
  readonly number: number;
  /** Inbound legs, then the outbound one. */
  readonly legs: readonly Cargo2000Leg[];
}

const legNames = ['i1', 'i2', 'i3', 'o'] as const;

export const parseCargo2000 = (csv: string): Cargo2000Row[] => {
  const [header = '', ...lines] = csv.split(/\r?\n/);
  const columns = new Map(header.split(',').map((name, index) => [name.trim(), index]));
  return lines
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const cells = line.split(',');
      // An empty cell and the data set's `?` read as 0, which is how it writes a missing value.
      const cell = (name: string): number => Number(cells[columns.get(name) ?? -1]) || 0;
      return {
        number: index + 1,
        legs: legNames.flatMap((name) => (cell(`${name}_rcs_p`) > 0 ? [legOf(name, cell)] : [])),
      };
    });
};

const legOf = (name: Cargo2000Leg['name'], cell: (column: string) => number): Cargo2000Leg => {
  const step = (code: Cargo2000Step['code'], of: string): Cargo2000Step => ({
    name: of.replace('_', ':'),
    code,
    plannedMin: cell(`${name}_${of}_p`),
    effectiveMin: cell(`${name}_${of}_e`),
  });
  const hops = [1, 2, 3].filter((hop) => cell(`${name}_dep_${hop}_p`) > 0);
  const placeOf = (column: string): string => `P${cell(`${name}_${column}_place`)}`;
  return {
    name,
    from: placeOf('dep_1'),
    to: placeOf(`rcf_${hops.at(-1) ?? 1}`),
    steps: [
      step('RCS', 'rcs'),
      ...hops.flatMap((hop) => [step('DEP', `dep_${hop}`), step('RCF', `rcf_${hop}`)]),
      step('DLV', 'dlv'),
    ],
  };
};
