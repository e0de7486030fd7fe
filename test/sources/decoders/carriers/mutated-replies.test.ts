import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

/** Many more in a soak: FOREWARN_FUZZ_RUNS. */
const runs = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 250);
const settings = settingsWith();
const read = (bytes: Uint8Array, contentType: string): readonly Decoded[] =>
  decode(documentOf(bytes, { contentType }), settings);

const hours = ['01', '02', '03', '04', '05', '06'];
const xml = Buffer.from(
  `<?xml version="1.0"?><TrackResponse><TrackInfo ID="9400110200828077631698">${hours
    .map(
      (hour) =>
        `<TrackDetail><EventTime>${hour}:00 am</EventTime><EventDate>June 1, 2025</EventDate><EventCode>10</EventCode><EventCity>TOKEN${hour}END</EventCity></TrackDetail>`,
    )
    .join('')}</TrackInfo></TrackResponse>`,
);
const scans = hours.map((hour) => ({
  object: 'TrackingDetail',
  status: 'in_transit',
  status_detail: 'arrived_at_facility',
  datetime: `2025-06-01T${hour}:00:00Z`,
  tracking_location: { city: `TOKEN${hour}END`, state: 'TX' },
}));
const tracker = {
  object: 'Tracker',
  mode: 'production',
  tracking_code: 'T1',
  carrier: 'UPS',
  tracking_details: scans,
};
const json = Buffer.from(JSON.stringify(tracker));

const isSound = (decoded: readonly Decoded[]): void => {
  expect(decoded.length).toBeGreaterThan(0);
  expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
};
const said = (decoded: readonly Decoded[]): string =>
  decoded
    .map((one) => {
      if (one.type === 'failure') return textOf(one.bytes);
      return one.type === 'tracking' ? (one.value.place?.city ?? '') : '';
    })
    .join('\n');

const change = (length: number) =>
  fc.record({
    kind: fc.constantFrom('cut' as const, 'flip' as const, 'repeat' as const),
    at: fc.nat(length - 1),
    size: fc.integer({ min: 1, max: 200 }),
    byte: fc.nat(255),
  });
const apply = (
  bytes: Buffer,
  { kind, at, size, byte }: { kind: string; at: number; size: number; byte: number },
): Buffer => {
  const [head, rest] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 'cut') return Buffer.concat([head, rest.subarray(size)]);
  if (kind === 'flip') return Buffer.concat([head, Buffer.from([byte]), rest.subarray(1)]);
  return Buffer.concat([head, rest.subarray(0, size), rest]);
};

describe('mutated replies of carriers', () => {
  it.each([
    ['XML', xml, 'application/xml'],
    ['JSON', json, 'application/json'],
  ] as const)('%s: no throw, gapless, and no scan is lost that is still there', (_, sound, contentType) => {
    expect(said(read(sound, contentType)).match(/TOKEN\d\dEND/g)).toHaveLength(hours.length);
    fc.assert(
      fc.property(fc.array(change(sound.length), { minLength: 1, maxLength: 3 }), (changes) => {
        const bytes = changes.reduce<Buffer>((all, one) => apply(all, one), sound);
        if (bytes.length === 0) return;
        const decoded = read(bytes, contentType);
        isSound(decoded);
        const text = said(decoded);
        // An acknowledgement says that it is about no parcel: then its root or its list has another name.
        if (decoded.some(({ type }) => type === 'nothing')) return;
        const kept = new Set(text.match(/TOKEN\d\dEND/g) ?? []);
        for (const token of new Set(
          bytes.toString('latin1').match(/<EventCity>TOKEN\d\dEND|"city":"TOKEN\d\dEND/g) ?? [],
        )) {
          const name = /TOKEN\d\dEND/.exec(token)![0];
          if (!kept.has(name)) expect(isReplaced(bytes, name), bytes.toString('latin1')).toBe(true);
        }
      }),
      { numRuns: runs },
    );
  });

  it('any values in the places of a reply: every scan is an event or a failure', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...scans)), { maxLength: 6 }),
        (details) => {
          const flat = (values: readonly unknown[]): unknown[] =>
            values.flatMap((value) => (Array.isArray(value) ? flat(value) : [value]));
          const there = flat(details).filter((value) => value !== null && value !== '');
          const decoded = read(
            Buffer.from(JSON.stringify({ ...tracker, tracking_details: details })),
            'application/json',
          );
          isSound(decoded);
          const counted = decoded.filter(
            (one) => one.type === 'failure' || (one.type === 'tracking' && one.value.status !== 'estimate'),
          );
          expect(counted).toHaveLength(there.length);
        },
      ),
      { numRuns: runs },
    );
  });

  it('deep nesting and huge numbers end as records, not as a hang', () => {
    for (const [bytes, type] of [
      [
        Buffer.from(`{"object":"Tracker","tracking_code":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
        'application/json',
      ],
      [
        Buffer.from(`{"object":"Tracker","tracking_code":${'9'.repeat(5_000)},"tracking_details":[]}`),
        'application/json',
      ],
      [
        Buffer.from(`<TrackReply>${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}</TrackReply>`),
        'application/xml',
      ],
    ] as const)
      isSound(read(bytes, type));
  });
});

/** A field that a change put twice into its scan: the second value stands (JSON), or the first (XML). */
const isReplaced = (bytes: Buffer, name: string): boolean => {
  const text = bytes.toString('latin1');
  const at = text.indexOf(name);
  const around = text.slice(Math.max(0, at - 900), at + 900);
  return (around.match(/EventCity>|"city"|"tracking_location"|tracking_details"/g) ?? []).length > 2;
};
