import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { documentOf, HEARD_AT, settingsWith } from '../decoder-settings.ts';

/** `npm run soak -- fuzz` has many more. */
const FUZZ_RUNS = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 250);

const at = Date.parse('2025-06-02T08:30:00Z');
const item = (more = '', date = 'Mon, 02 Jun 2025 08:30:00 GMT') =>
  `<item><title>Ice &amp; snow in the Northeast</title><guid>a-17</guid><pubDate>${date}</pubDate>${more}</item>`;
const rss = (...items: readonly string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Service</title>${items.join('')}</channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Service</title>
  <entry><id>a-17</id><title>Ice &amp; snow in the Northeast</title><updated>2025-06-02T08:30:00Z</updated><category term="Weather"/></entry></feed>`;

const decoded = (text: string | Uint8Array, partner: object = { scac: 'ACME' }): readonly Decoded[] =>
  decode(documentOf(text, { contentType: 'application/xml' }), settingsWith({ partners: { acme: partner } }));
const only = (text: string) => {
  const [one, ...others] = decoded(text);
  expect(others).toEqual([]);
  if (one?.type !== 'carrier_update') throw new Error(JSON.stringify(one));
  return one.value;
};

describe('service advisories', () => {
  it('say whose they are, since when, and what they are about by their category', () => {
    expect(only(rss(item('<category>Weather</category>')))).toMatchObject({
      updateId: 'advisory:ACME:a-17',
      kind: 'advisory',
      carrier: 'ACME',
      cause: 'weather',
      category: 'weather',
      headline: 'Ice & snow in the Northeast',
      at,
      startsAt: at,
      endsAt: at + 7 * 86_400_000,
      cancelled: false,
      source: { mapping: 'service-advisory@1' },
    });
  });

  it('say the same as Atom and as RSS', () => {
    const { source: _, ...inAtom } = only(atom);
    const { source: __, ...inRss } = only(rss(item('<category>Weather</category>')));
    expect(inAtom).toEqual(inRss);
  });

  it('never go by their words: a title about snow without a category has no cause', () => {
    expect(only(rss(item()))).toMatchObject({ cause: 'none', category: null });
    expect(only(rss(item('<category>Locusts</category>')))).toMatchObject({
      cause: 'unmapped',
      category: null,
    });
  });

  it('replace themselves by what came later, and end when a category says so', () => {
    const before = only(rss(item('<category>Weather</category>')));
    const after = only(
      rss(item('<category>Weather</category><category>Resolved</category>', 'Mon, 02 Jun 2025 10:00:00 GMT')),
    );
    expect(after).toMatchObject({ updateId: before.updateId, category: 'weather', cancelled: true });
    expect(after.id).not.toBe(before.id);
    expect(HEARD_AT).toBeGreaterThan(after.at);
  });

  it('lose nothing for a bad one: it is a failure with its own bytes', () => {
    const bad = item('', 'soon');
    const all = decoded(rss(item(), bad, item()));
    expect(all.map(({ type }) => type)).toEqual(['carrier_update', 'failure', 'carrier_update']);
    expect(all[1]).toMatchObject({ code: 'FW402', reason: 'advisory: its date "soon" cannot be read' });
    if (all[1]?.type === 'failure') expect(Buffer.from(all[1].bytes).toString()).toBe(bad);
  });

  it('of a feed that nobody says whose it is are failures that name the setting', () => {
    expect(decoded(rss(item()), {})).toMatchObject([
      { type: 'failure', reason: expect.stringContaining('partners.acme.scac') as string },
    ]);
  });

  it('of an empty feed are a heartbeat', () => {
    expect(decoded(rss())).toEqual([{ type: 'nothing', position: 0, why: 'heartbeat' }]);
  });

  it('never throw, and count without gaps, whatever is cut or turned in them', () => {
    const bytes = Buffer.from(rss(item('<category>Weather</category>'), item()));
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), fc.nat(255), (a, b, value) => {
        const cut = Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
        if (cut.length > 0) cut[a % cut.length] = value;
        const all = decoded(cut, { scac: 'ACME', format: 'advisories' });
        expect(all.length).toBeGreaterThan(0);
        expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
