import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const fuzzRuns = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 300);

/** Heard on 2 June 2025 at 12:00Z. */
const read = (text: string, contentType = 'text/plain') =>
  decode(documentOf(text, { contentType }), settingsWith());
const first = (text: string) => {
  const [one] = read(text);
  return one?.type === 'observation' ? one.value : one;
};

describe('a METAR', () => {
  it('says what its station measured, in our units', () => {
    expect(
      first('SPECI KORD 021151Z 27010G20KT 1/4SM +SN FZRA VV002 M03/M04 A2980 RMK AO2 P0010'),
    ).toMatchObject({
      station: 'KORD',
      at: Date.parse('2025-06-02T11:51:00Z'),
      temperatureC: -3,
      windKph: 18.52,
      gustKph: 37.04,
      visibilityM: 402.336,
      precipitationMm: 2.54,
      conditions: 'heavy snow, freezing rain',
    });
    expect(first('METAR EDDF 021150Z 24015G27MPS CAVOK 02/01 Q1013 NOSIG=')).toMatchObject({
      windKph: 54,
      gustKph: expect.closeTo(97.2, 9) as number,
      visibilityM: 10_000,
      precipitationMm: null,
      conditions: '',
    });
  });

  it('is of the last such day that has come: of this month, or of the one before', () => {
    const day = (text: string): unknown => {
      const heard = first(`${text} 00000KT 10SM CLR 10/08 A3000`);
      return heard !== undefined && 'at' in heard ? new Date(heard.at).toISOString().slice(0, 10) : heard;
    };
    expect(day('KORD 021205Z')).toBe('2025-06-02');
    expect(day('KORD 311151Z')).toBe('2025-05-31');
    expect(day('KORD 031151Z')).toBe('2025-05-03');
    expect(day('KORD 021211Z')).toBe('2025-05-02');
  });

  it('stands between the lines of a bulletin, over several lines, and alone when it is bad', () => {
    const bulletin =
      '\u0001\r\r\n123\r\r\nSAUS70 KWBC 021200\r\r\nMETAR KDCA 021152Z 28008KT 10SM\r\r\n     FEW250 07/M01 A3010=\r\r\n' +
      'KBAD 021152Z ?? rubbish=\r\r\nKNIL 021152Z NIL=\r\r\nKIAD 021152Z 00000KT 5SM BR 05/04 A3011=\r\r\n\u0003';
    const decoded = read(bulletin);
    expect(decoded.map(({ type }) => type)).toEqual(['observation', 'failure', 'nothing', 'observation']);
    expect(decoded[0]).toMatchObject({ value: { station: 'KDCA', temperatureC: 7 } });
    if (decoded[1]?.type !== 'failure') throw new Error('no failure');
    expect(textOf(decoded[1].bytes)).toBe('KBAD 021152Z ?? rubbish');
  });

  it('needs no equals sign between reports', () => {
    const decoded = read('KDCA 021152Z 28008KT 10SM 07/M01 A3010\nKIAD 021152Z 00000KT 5SM BR 05/04 A3011\n');
    expect(decoded.map((one) => one.type === 'observation' && one.value.station)).toEqual(['KDCA', 'KIAD']);
  });

  it('is known by its content, and EDI is not taken for it', () => {
    expect(read('KDCA 021152Z 28008KT 10SM 07/M01 A3010', 'application/octet-stream')[0]?.type).toBe(
      'observation',
    );
    const edi = decode(
      documentOf('UNB+UNOA:1+A+B+020602:1200+1', { contentType: 'application/octet-stream' }),
      settingsWith(),
    );
    expect(edi.map(({ type }) => type)).not.toContain('observation');
  });

  it('survives whatever is done to it, and loses nothing', () => {
    const report =
      'METAR KDCA 021152Z 28008G19KT 250V320 10SM -RA FEW250 07/M01 A3010 RMK AO2 SLP192 P0003 T00721006=\n';
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(report.length * 3), fc.nat(255), fc.nat(30)), { maxLength: 8 }),
        (changes) => {
          let bytes = Buffer.from(report.repeat(3), 'latin1');
          for (const [at, byte, cut] of changes) {
            bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + cut)]);
          }
          const decoded = decode(
            documentOf(Uint8Array.from(bytes), { contentType: 'application/octet-stream' }),
            settingsWith({ partners: { acme: { format: 'metar' } } }),
          );
          expect(decoded.length).toBeGreaterThan(0);
          decoded.forEach((one, index) => expect(one.position).toBe(index));
        },
      ),
      { numRuns: fuzzRuns },
    );
  });
});
