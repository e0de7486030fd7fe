import type { Sight } from '../format.ts';

/** A code and the list of the mapping in which it is looked up. */
export interface CodeAt {
  readonly list: string;
  readonly path: string;
}

/** Where a time stands. Date and time of day may be one text, as in ISO 8601, or two. */
export interface TimeAt {
  readonly date: string;
  readonly time?: string;
  /** Offset from UTC such as `-05:00`. */
  readonly offset?: string;
  /** A name such as `EST`, looked up in `zoneNames`. */
  readonly zone?: string;
  /** The text has no offset, and is UTC all the same. */
  readonly isUtc?: boolean;
  /** Midnight, without an offset or in UTC, stands for a day of which no time is known. */
  readonly midnightIsDay?: boolean;
}

export interface PlaceAt {
  readonly city?: string;
  readonly region?: string;
  readonly country?: string;
  readonly postalCode?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  /** The carrier's own code of a place, such as DHL's service area `HKG`; its zone may be in `areaZones`. */
  readonly area?: string;
}

/** Where one scan has what it says; paths begin at the scan. */
export interface ScanAt {
  /** What happened: the first of them whose code is mapped in its list, else the last that is there. */
  readonly status: readonly CodeAt[];
  /** Why. */
  readonly reason?: readonly string[];
  /** In the order of preference. */
  readonly times: readonly TimeAt[];
  readonly place?: PlaceAt;
  /** The carrier's own words, for people; no code is read from them. */
  readonly text?: readonly string[];
}

/** Words with which the carrier says that it has nothing to say. */
export interface ErrorAt {
  /** Paths begin at the document, or at the parcel. */
  readonly of: 'document' | 'parcel';
  /** Every value found here is an error of its own. */
  readonly path: string;
  readonly code?: string;
  readonly words: readonly string[];
  /** Only where this path has one of these values. */
  readonly when?: { readonly path: string; readonly is: readonly string[] };
}

/**
 * How one carrier answers, or calls us, in one way of writing: everything that differs between carriers and is not code.
 * A document has parcels, a parcel has scans. Paths are read by `valuesAt`.
 */
export interface CarrierReply {
  /** Distinguishes the ways of one carrier, such as `fedex-xml`; stands in provenance. */
  readonly name: string;
  /** Whether a document is such a reply, by its root element or its keys. */
  readonly recognises: (sight: Sight) => boolean;
  /** False where others write the same, so that it is looked for only where the source's format is set. */
  readonly tellsItself?: false;
  /** Name of the file in `rules/mappings/`. */
  readonly standard: string;
  /** Issuer of the tracking numbers where the reply names no carrier. */
  readonly carrier: string;
  /** For aggregators: where the parcel names its carrier. */
  readonly carrierAt?: readonly string[];
  /** Where the parcels are: the first path that has any. */
  readonly parcels: readonly string[];
  readonly tracking: readonly string[];
  /** Further numbers of the same parcel. */
  readonly alsoKnownAs?: readonly {
    readonly kind: 'shipper_reference' | 'po' | 'bol' | 'pro';
    readonly path: string;
  }[];
  /** Where its scans are: all paths, in this order. */
  readonly scans: readonly string[];
  readonly scan: ScanAt;
  /** What the parcel itself says, where it lists no scans. */
  readonly summary?: ScanAt;
  /** When it is expected at the consignee; the first that is there. */
  readonly estimates?: readonly TimeAt[];
  /** Where it goes, for the zone of an estimated day. */
  readonly destination?: PlaceAt;
  /** When the carrier last changed what it says. */
  readonly saidAt?: readonly TimeAt[];
  readonly errors?: readonly ErrorAt[];
  /** Where the thing says what it is, and what of that is a parcel; other things are acknowledged. */
  readonly only?: { readonly path: string; readonly is: readonly string[] };
  /** A parcel that is not of the real world. */
  readonly test?: { readonly path: string; readonly is: readonly string[] };
  /** What its names of zones mean: `EST` → `America/Toronto`. */
  readonly zoneNames?: Readonly<Record<string, string>>;
  /** Zones of its own codes of places: `HKG` → `Asia/Hong_Kong`. */
  readonly areaZones?: ReadonlyMap<string, string>;
}
