import { z } from 'zod';

/** A measured value as the NWS writes it: `{ "unitCode": "wmoUnit:degC", "value": -8.5, "qualityControl": "V" }`. */
export const quantity = z
  .object({
    unitCode: z.string().nullish(),
    value: z.number().nullish(),
    qualityControl: z.string().nullish(),
  })
  .nullish();
export type Quantity = z.infer<typeof quantity>;

type Scale = (value: number) => number;
const times =
  (factor: number): Scale =>
  (value) =>
    value * factor;

/** To the units of `WeatherObservation`, from those of the WMO's registry (codes.wmo.int/common/unit) and of unidata's. */
const scales = {
  temperature: {
    degC: times(1),
    degF: (value) => ((value - 32) * 5) / 9,
    K: (value) => value - 273.15,
  },
  speed: { 'km_h-1': times(1), 'm_s-1': times(3.6), kt: times(1.852), mi_h: times(1.609344) },
  distance: { m: times(1), km: times(1_000), mi: times(1_609.344), SM: times(1_609.344) },
  depth: { mm: times(1), cm: times(10), m: times(1_000), in: times(25.4), 'kg_m-2': times(1) },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Scale>>>>;
export type QuantityKind = keyof typeof scales;

/**
 * Flags of MADIS, which the NWS passes on: X failed the first checks, Q failed later ones, B was judged bad by a person.
 * Z (not checked yet), C, S, V and G (passed) may be used.
 */
const rejected = new Set(['X', 'Q', 'B']);

/** The value, null where there is none that may be used, `unit` where its unit is not one that we know. */
export const valueOf = (measured: Quantity, kind: QuantityKind): number | null | 'unit' => {
  const { value, unitCode, qualityControl } = measured ?? {};
  if (value === null || value === undefined || rejected.has(qualityControl ?? '')) return null;
  const unit = (unitCode ?? '').replace(/^.*:/, '');
  const known: Readonly<Record<string, Scale>> = scales[kind];
  const scale = Object.hasOwn(known, unit) ? known[unit] : undefined;
  return scale === undefined ? 'unit' : scale(value);
};
