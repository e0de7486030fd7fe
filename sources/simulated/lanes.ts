import type { Mode } from '../../domain/codes.ts';

export interface Lane {
  readonly mode: Mode;
  readonly service: string;
  /** Places that the shipment passes; one leg between each two. */
  readonly stops: readonly string[];
  readonly weight: number;
}

const lane = (mode: Mode, service: string, weight: number, stops: string): Lane => ({
  mode,
  service,
  weight,
  stops: stops.split('-'),
});

export const lanes: readonly Lane[] = [
  lane('parcel', 'ground', 5, 'CHI-CMH-NYC'),
  lane('parcel', 'ground', 4, 'CHI-MEM'),
  lane('parcel', 'ground', 4, 'MEM-ATL'),
  lane('parcel', 'ground', 3, 'MEM-DFW-PHX'),
  lane('parcel', 'express', 4, 'NYC-HAR-CMH'),
  lane('parcel', 'express', 4, 'LAX-PHX'),
  lane('parcel', 'ground', 2, 'LAX-SLC-DEN'),
  lane('parcel', 'express', 3, 'ATL-CLT'),
  lane('parcel', 'ground', 2, 'DEN-KCK-CHI'),
  lane('parcel', 'ground', 2, 'SEA-SLC'),
  lane('parcel', 'ground', 3, 'CLT-HAR-NYC'),
  lane('parcel', 'ground', 2, 'DFW-MEM-CHI'),
  lane('ltl', 'standard', 4, 'CHI-CMH'),
  lane('ltl', 'standard', 3, 'CHI-MEM-ATL'),
  lane('ltl', 'standard', 3, 'CMH-HAR-NYC'),
  lane('ltl', 'standard', 2, 'ATL-CLT-HAR'),
  lane('ltl', 'standard', 2, 'DFW-MEM-CMH'),
  lane('ltl', 'guaranteed', 2, 'KCK-CHI-CMH'),
  lane('ltl', 'standard', 2, 'DEN-KCK'),
  lane('ltl', 'standard', 1, 'LAX-PHX-DFW'),
  lane('ltl', 'standard', 1, 'SEA-SLC-DEN'),
  lane('ltl', 'standard', 2, 'MEM-KCK'),
  lane('ltl', 'standard', 2, 'SAV-ATL'),
  lane('ltl', 'guaranteed', 2, 'CLT-ATL-MEM'),
  lane('truckload', 'solo', 2, 'CHI-NYC'),
  lane('truckload', 'solo', 3, 'LAX-PHX'),
  lane('truckload', 'team', 2, 'LAX-DFW'),
  lane('truckload', 'solo', 3, 'ATL-CLT'),
  lane('truckload', 'solo', 2, 'DFW-KCK'),
  lane('truckload', 'solo', 2, 'MEM-ATL'),
  lane('truckload', 'solo', 1, 'SEA-SLC'),
  lane('truckload', 'solo', 2, 'HAR-CMH'),
  lane('truckload', 'solo', 2, 'DEN-KCK'),
  lane('truckload', 'solo', 2, 'SAV-CLT'),
  lane('ocean', 'short-sea', 2, 'MXESE-USLAX-PHX'),
  lane('ocean', 'short-sea', 1, 'MXESE-USLAX-SLC'),
  lane('ocean', 'short-sea', 2, 'CAHAL-USNYC-HAR'),
  lane('ocean', 'short-sea', 1, 'CAHAL-USNYC-CMH'),
  lane('ocean', 'short-sea', 2, 'BSFPO-USSAV-ATL'),
  lane('ocean', 'short-sea', 1, 'BSFPO-USSAV-CLT'),
];

/** A lane as one word: origin and destination, such as `CHI-NYC`. */
export const laneWord = (stops: readonly string[]): string => `${stops[0] ?? ''}-${stops.at(-1) ?? ''}`;
