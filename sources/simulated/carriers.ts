import type { Mode } from '../../domain/codes.ts';

/** How a carrier reports: what it writes, how often, and how much it says about time. */
export type CarrierFeed =
  | { readonly kind: 'canonical'; readonly everyMin: number; readonly namesMilestones: boolean }
  | {
      readonly kind: 'x12';
      readonly everyMin: number;
      /** `zone`: AT7-07 names the zone; `local`: it says `LT`; `none`: it is left out. */
      readonly timeCode: 'zone' | 'local' | 'none';
      readonly lineEnd: string;
    };

export interface Carrier {
  readonly scac: string;
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly source: string;
  /** 1 is usual; higher goes wrong more often. */
  readonly trouble: number;
  readonly estimates: boolean;
  readonly feed: CarrierFeed;
}

const canonical = (everyMin: number, namesMilestones: boolean): CarrierFeed => ({
  kind: 'canonical',
  everyMin,
  namesMilestones,
});
const x12 = (everyMin: number, timeCode: 'zone' | 'local' | 'none', lineEnd: string): CarrierFeed => ({
  kind: 'x12',
  everyMin,
  timeCode,
  lineEnd,
});
const carrier = (
  scac: string,
  name: string,
  modes: readonly Mode[],
  trouble: number,
  estimates: boolean,
  feed: CarrierFeed,
): Carrier => ({
  scac,
  name,
  modes,
  source: `${scac.toLowerCase()}-${feed.kind === 'x12' ? '214' : 'tracking'}`,
  trouble,
  estimates,
  feed,
});

/** Invented companies; the letters are shaped like SCACs of the NMFTA and are none that we know of. */
export const carriers: readonly Carrier[] = [
  carrier('LKRD', 'Lakeward Freight', ['ltl'], 0.8, false, x12(30, 'zone', '~\n')),
  carrier('BRNQ', 'Brant Lines', ['ltl'], 1.1, false, x12(60, 'none', '~')),
  carrier('OVMQ', 'Overmoor Carriers', ['ltl', 'truckload'], 0.9, false, x12(45, 'local', '~')),
  carrier('TRWQ', 'Tarrow Western', ['truckload'], 1.2, true, x12(30, 'zone', '\n')),
  carrier('NVHX', 'Northvale Express', ['parcel'], 0.7, true, canonical(2, true)),
  carrier('QTRQ', 'Quarterline Parcel', ['parcel'], 1.3, false, canonical(5, false)),
  carrier('PSTQ', 'Prairie Stage Transport', ['truckload'], 0.9, true, canonical(3, true)),
  carrier('HZLQ', 'Hazeline Ocean', ['ocean'], 1.0, true, canonical(15, true)),
];

export const carrierByScac: ReadonlyMap<string, Carrier> = new Map(carriers.map((c) => [c.scac, c]));
