import { describe, expect, it } from 'vitest';
import { decode } from '../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../sources/decoders/decoder.ts';
import { documentOf, HEARD_AT, inputs, settingsWith } from './decoder-settings.ts';
import { departed, interchange as edifact } from './edifact/interchange.ts';
import { delivered, interchange as x12 } from './x12/interchange.ts';

/** 50 MB in the long run, `npm run soak -- fuzz`. */
const LENGTH = process.env['FOREWARN_FUZZ_RUNS'] === undefined ? 1_000_000 : 50_000_000;
const long = (character: string): string => character.repeat(LENGTH);

const read = (content: string, contentType: string, source = 'acme') => {
  const document = documentOf(content, { contentType, source });
  return { document, decoded: decode(document, settingsWith({ inputs })) };
};
const namesIn = (decoded: readonly Decoded[]): string[] =>
  decoded.flatMap((one) => (one.type === 'tracking' ? one.value.identifiers.map(({ value }) => value) : []));
const failuresIn = (decoded: readonly Decoded[]) =>
  decoded.flatMap((one) => (one.type === 'failure' ? [one] : []));
/** Bytes of failures are places in the document, not copies: what is long is in memory once. */
const expectNoCopies = ({ document, decoded }: ReturnType<typeof read>): void => {
  for (const { bytes } of failuresIn(decoded)) expect(bytes.buffer === document.bytes.buffer).toBe(true);
};

describe('a very long line', () => {
  it.each(['x', '*', "'", '\u0000', '+', '9'])(
    'of "%s" in an X12 interchange costs its own set at most',
    (sign) => {
      const [head = '', ...rest] = delivered('P2');
      const all = read(
        x12([
          delivered('P1'),
          [head, ...rest.slice(0, -1), `K1*${long(sign)}`, ...rest.slice(-1)],
          delivered('P3'),
        ]),
        'application/edi-x12',
      );
      expect(namesIn(all.decoded)).toEqual(expect.arrayContaining(['P1', 'P3']));
      expect(namesIn(all.decoded).includes('P2') || failuresIn(all.decoded).length > 0).toBe(true);
      expectNoCopies(all);
    },
  );

  it.each(['x', '*', ':', '+', '?', '9'])(
    'of "%s" in an EDIFACT interchange costs its own message at most',
    (sign) => {
      const messages = [departed('W1'), [...departed('W2'), `FTX+AAI+++${long(sign)}`], departed('W3')];
      const all = read(edifact(messages), 'application/edifact');
      expect(namesIn(all.decoded)).toEqual(expect.arrayContaining(['W1']));
      // A release character before the terminator takes what follows into the segment.
      if (sign !== '?') expect(namesIn(all.decoded)).toContain('W3');
      expect(namesIn(all.decoded).includes('W2') || failuresIn(all.decoded).length > 0).toBe(true);
      expectNoCopies(all);
    },
  );

  it('in lines of records, in a table and between sentences costs itself', () => {
    const record = (shipmentId: string, text: string): string =>
      JSON.stringify({ type: 'tracking', shipmentId, status: 'arrived', at: HEARD_AT, text });
    const lines = read(
      [record('a', 'x'), record('b', long('x')), '['.repeat(LENGTH), record('c', 'x')].join('\n'),
      'application/x-ndjson',
    );
    expect(lines.decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'failure', 'tracking']);
    expectNoCopies(lines);
    const header =
      'score_card_id,carrier,lane,service,period_from,period_to,shipments,on_time,tender_acceptance,comment';
    const row = (id: string, comment: string): string =>
      `${id},SAIA,,,2025-05-01,2025-05-31,1,0.9,,${comment}`;
    const table = read(
      [header, row('a', 'x'), row('b', long('x')), row('c', 'x')].join('\n'),
      'text/csv',
      'score-cards',
    );
    expect(table.decoded.map(({ type }) => type)).toEqual(['carrier_update', 'failure', 'carrier_update']);
    const position = '!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A';
    const sentences = read([position, `!AIVDM,${long('1')}`, position].join('\n'), 'application/x-nmea');
    expect(sentences.decoded.map(({ type }) => type)).toEqual(['vessel', 'failure', 'vessel']);
  });

  it('of references beside as many statuses does not become their product', () => {
    const many = <T>(make: (index: number) => T): T[] =>
      Array.from({ length: 500 }, (_, index) => make(index));
    const [head = '', name = '', ...rest] = delivered('P1');
    const references = many((index) => `L11*R${index}*BM`);
    const statuses = many((index) => `AT7*X6*NS***20250601*${1_000 + (index % 60)}*LT`);
    const x = read(x12([[head, name, ...references, ...statuses, ...rest]]), 'application/edi-x12');
    const [bgm = '', ...after] = departed('W1');
    const named = many((index) => `RFF+BM:R${index}`);
    const told = many((index) => [`STS+1+24+${1 + (index % 60)}`, 'DTM+334:202506011815:203']).flat();
    const e = read(edifact([[bgm, ...after.slice(0, 3), ...named, ...told]]), 'application/edifact');
    for (const { decoded } of [x, e]) {
      const sizes = decoded.flatMap((one) => (one.type === 'tracking' ? [one.value.identifiers.length] : []));
      expect(sizes.length).toBeGreaterThanOrEqual(500);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(65);
    }
  });

  it('nested as deep as it is long is one failure of a document', () => {
    for (const [content, type] of [
      ['['.repeat(LENGTH), 'application/json'],
      [`{"events":${'['.repeat(LENGTH)}`, 'application/json'],
      ['<a>'.repeat(LENGTH / 4), 'application/xml'],
    ] as const) {
      const { decoded } = read(content, type);
      expect(decoded.map((one) => one.type)).toEqual(['failure']);
    }
  });
});
