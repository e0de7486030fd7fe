import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { documentOf, HEARD_AT, repository, settingsWith, TEN_MINUTES_MS } from '../decoder-settings.ts';
import { positionSentence, voyageSentences } from './sentence-of.ts';

/** `npm run soak -- fuzz` has many more. */
const FUZZ_RUNS = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 250);
const decoded = (text: string): readonly Decoded[] =>
  decode(documentOf(text, { contentType: 'text/plain' }), settingsWith());
const valueOf = (one: Decoded | undefined) => (one?.type === 'vessel' ? one.value : one);

const anchored = { mmsi: 2_030_405, latitude: 33.7, longitude: -118.2, speedKn: 0.3, navigation: 1 };
const voyage = { mmsi: 2_030_405, imo: 9_321_483, name: 'NORTH STAR', destination: 'USLAX' };

describe('AIS', () => {
  it('says where a vessel is and how it moves', () => {
    const [one] = decoded(positionSentence(anchored));
    const value = valueOf(one);
    expect(value).toMatchObject({
      mmsi: '002030405',
      speedKn: 0.3,
      courseDeg: 51,
      navigation: 1,
      at: HEARD_AT,
    });
    if (one?.type !== 'vessel') return;
    expect(one.value.latitude).toBeCloseTo(33.7, 5);
    expect(one.value.longitude).toBeCloseTo(-118.2, 5);
  });

  it('gives back any position that can be written, to a tenth of a metre or so', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.constantFrom(1 as const, 2 as const, 3 as const),
        (latitude, longitude, type) => {
          const [one] = decoded(positionSentence({ ...anchored, latitude, longitude, type }));
          if (one?.type !== 'vessel') throw new Error(JSON.stringify(one));
          expect(Math.abs((one.value.latitude ?? 0) - latitude)).toBeLessThan(1e-6);
          expect(Math.abs((one.value.longitude ?? 0) - longitude)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads two sentences of gpsd’s public description of AIVDM as it says they read', () => {
    // https://gpsd.io/AIVDM.html, "AIVDM Sentence Layer" and "Type 5".
    const [one] = decoded('!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C');
    expect(valueOf(one)).toMatchObject({ mmsi: '477553000', navigation: 5, speedKn: 0, courseDeg: 51 });
  });

  it('puts the two parts of a static report together, whatever comes between them', () => {
    const [first, second] = voyageSentences(voyage);
    const all = decoded([second, positionSentence(anchored), first].join('\r\n'));
    expect(all.map(valueOf)).toMatchObject([
      { latitude: expect.any(Number) as number },
      { mmsi: '002030405', imo: '9321483', name: 'NORTH STAR', destination: 'USLAX', latitude: null },
    ]);
  });

  it('keeps apart two messages that use one sequence number, and says which was never whole', () => {
    const [first, second] = voyageSentences(voyage);
    const all = decoded([first, first, second].join('\n'));
    expect(all.map(({ type }) => type)).toEqual(['failure', 'vessel']);
    expect(all[0]).toMatchObject({ reason: 'AIS: 1 of 2 parts came', bytes: Buffer.from(first) });
  });

  it('takes the time of a tag block, in seconds or milliseconds, and refuses one that lies ahead', () => {
    const at = HEARD_AT - 3_600_000;
    const tagged = (time: number) => `\\s:2573315,c:${time}*00\\${positionSentence(anchored)}`;
    expect(valueOf(decoded(tagged(at / 1_000))[0])).toMatchObject({ at });
    expect(valueOf(decoded(tagged(at))[0])).toMatchObject({ at });
    expect(decoded(tagged(HEARD_AT + TEN_MINUTES_MS + 1_000))).toMatchObject([{ type: 'failure' }]);
  });

  it.each([
    ['!AIVDM,1,1,,A,,0*26', 'nothing', 'heartbeat'],
    ['!AIVDM,1,1,,B,B39H9GP0;@H136UI3ijEowU5oP06,0*14', 'nothing', 'unrelated'],
    ['!AIVDM,1,1,,A,1,0*17', 'failure', 'AIS: a position has 168 bits, this one 6'],
    [
      '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5D',
      'failure',
      'AIS: its checksum is 5D and should be 5C',
    ],
    ['!AIVDM,1,1', 'failure', 'AIS: it is no AIVDM or AIVDO sentence'],
  ])('accounts for %s', (line, type, said) => {
    const [one, ...others] = decode(documentOf(line, { contentType: 'application/x-nmea' }), settingsWith());
    expect(others).toEqual([]);
    expect(one).toMatchObject({ type, ...(type === 'failure' ? { reason: said } : { why: said }) });
  });

  it('never throws and loses no line, whatever is cut, repeated or turned in it', () => {
    const lines = [positionSentence(anchored), ...voyageSentences(voyage), positionSentence(anchored)];
    const bytes = Buffer.from(lines.join('\n'));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), fc.nat(255), (a, b, value) => {
        const cut = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
        if (cut.length > 0) cut[a % cut.length] = value;
        const all = decode(documentOf(cut, { contentType: 'application/x-nmea' }), settingsWith());
        expect(all.length).toBeGreaterThan(0);
        expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

const sample = `${repository}../shared/samples/ais/tests_nmea_data_sample.txt`;
const absent = !existsSync(sample);
if (absent) console.warn(`skipped: recorded AIS is not at ${sample}`);

it.skipIf(absent)(
  'accounts for every sentence of a recorded hour: first parts alone, empty ones, other types',
  () => {
    const bytes = readFileSync(sample);
    const all = decode(
      documentOf(bytes, { contentType: 'text/plain', heardAt: Date.parse('2030-01-01T00:00:00Z') }),
      settingsWith(),
    );
    const counted: Record<string, number> = {};
    for (const one of all) {
      const kind = one.type === 'nothing' ? one.why : one.type === 'failure' ? one.reason : one.type;
      counted[kind] = (counted[kind] ?? 0) + 1;
    }
    expect(counted).toEqual({
      vessel: 743,
      heartbeat: 100,
      unrelated: 35,
      'AIS: 1 of 2 parts came': 20,
    });
  },
);
