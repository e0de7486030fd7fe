/** Steps of a leg as planned and effective minutes, in the order RCS, then DEP and RCF of each hop, then DLV. */
export interface LegOf {
  readonly steps: readonly (readonly [planned: number, effective: number])[];
  /** Place of each hop's departure, then of the last arrival. */
  readonly places: readonly number[];
}

export interface RowOf {
  readonly inbound: readonly LegOf[];
  readonly outbound: LegOf;
}

const legNames = ['i1', 'i2', 'i3', 'o'] as const;

/** A file of our own in the layout of the Cargo 2000 data set. */
export const cargo2000File = (rows: readonly RowOf[]): string => {
  const columns = legNames.flatMap((name) => [
    `${name}_legid`,
    `${name}_rcs_p`,
    `${name}_rcs_e`,
    ...[1, 2, 3].flatMap((hop) =>
      ['dep', 'rcf'].flatMap((code) => ['p', 'e', 'place'].map((what) => `${name}_${code}_${hop}_${what}`)),
    ),
    `${name}_dlv_p`,
    `${name}_dlv_e`,
    `${name}_hops`,
  ]);
  const lines = rows.map(({ inbound, outbound }) => {
    const cells = new Map<string, number>();
    for (const [index, leg] of [...inbound, outbound].entries()) {
      const name = index === inbound.length ? 'o' : (legNames[index] ?? 'o');
      const hops = (leg.steps.length - 2) / 2;
      for (const [position, [planned, effective]] of leg.steps.entries()) {
        const hop = Math.ceil(position / 2);
        const step =
          position === 0
            ? 'rcs'
            : position === leg.steps.length - 1
              ? 'dlv'
              : `${position % 2 === 1 ? 'dep' : 'rcf'}_${hop}`;
        cells.set(`${name}_${step}_p`, planned).set(`${name}_${step}_e`, effective);
      }
      for (let hop = 1; hop <= hops; hop++) {
        cells.set(`${name}_dep_${hop}_place`, leg.places[hop - 1] ?? 0);
        cells.set(`${name}_rcf_${hop}_place`, leg.places[hop] ?? 0);
      }
      cells.set(`${name}_hops`, hops);
    }
    return [...columns.map((column) => cells.get(column) ?? 0), inbound.length].join(',');
  });
  return [[...columns, 'legs'].join(','), ...lines].join('\n');
};
