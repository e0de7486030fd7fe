import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { envelopesIn } from '../../../../sources/decoders/carriers/envelope-of.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

describe('what a value stands in', () => {
  it('is all above it and beside that, and nothing of the lists on the way', () => {
    const scan = { code: 2 };
    const document = { id: 7, parcels: [{ no: 'A', scans: [{ code: 1 }, scan, { code: 3 }] }, { no: 'B' }] };
    const envelopeOf = envelopesIn(document);
    expect(envelopeOf(scan)).toEqual({ id: 7, parcels: [{ no: 'A', scans: [{ code: 2 }] }] });
    expect(envelopeOf(document.parcels[1])).toEqual({ id: 7, parcels: [{ no: 'B' }] });
    expect(envelopeOf(document)).toBe(document);
    expect(envelopeOf('text')).toBe('text');
  });
});

const detail = (datetime: string) => ({
  object: 'TrackingDetail',
  status: 'in_transit',
  message: `at ${datetime}`,
  datetime,
});
const page = (...details: readonly object[]) => ({
  trackers: [
    { object: 'Tracker', tracking_code: 'T0', carrier: 'UPS', tracking_details: [] },
    { object: 'Tracker', tracking_code: 'T1', carrier: 'UPS', tracking_details: details },
  ],
  has_more: false,
});
const read = (content: string): readonly Decoded[] =>
  decode(documentOf(content, { contentType: 'application/json' }), settingsWith());
const failedIn = (decoded: readonly Decoded[]): readonly string[] =>
  decoded.flatMap((one) => (one.type === 'failure' ? [textOf(one.bytes)] : []));

describe('a scan of a JSON reply that cannot be used', () => {
  it('is kept so that it is a reply again: mended, it becomes the event that it would have been', () => {
    const [good, bad] = [detail('2025-06-01T08:00:00Z'), detail('2025-06-31T08:00:00Z')];
    const [letter, ...more] = failedIn(read(JSON.stringify(page(good, bad))));
    expect(more).toEqual([]);
    const again = read(letter!);
    expect(again.map(({ type }) => type)).toEqual(['failure']);
    const mended = read(letter!.replaceAll('2025-06-31', '2025-06-01'));
    const whole = read(JSON.stringify(page(good, detail('2025-06-01T08:00:00Z'))));
    expect(mended).toMatchObject([
      { type: 'tracking', value: { identifiers: [{ value: 'T1' }], carrier: 'UPS', status: 'in_transit' } },
    ]);
    const idsOf = (decoded: readonly Decoded[]) =>
      decoded.flatMap((one) => (one.type === 'tracking' ? [one.value.id] : []));
    expect(idsOf(whole)).toContain(idsOf(mended)[0]);
  });

  it('is kept bare where so many fail that what they stand in would fill the memory', () => {
    const bad = Array.from({ length: 400 }, (_, n) => detail(`2025-06-31T08:00:${n}`));
    const document = JSON.stringify({ ...page(...bad), beside: 'x'.repeat(50_000) });
    const letters = failedIn(read(document));
    expect(letters).toHaveLength(bad.length);
    const kept = letters.reduce((sum, { length }) => sum + length, 0);
    expect(kept).toBeLessThan(1_048_576 + document.length + 2 * JSON.stringify(bad).length);
    expect(letters[0]).toContain('tracking_code');
    expect(letters.at(-1)).toBe(JSON.stringify(bad.at(-1)));
  });
});
