import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../sources/decoders/safe-xml.ts';

const read = (text: string | Uint8Array) => parseXml(typeof text === 'string' ? Buffer.from(text) : text);
const brokenBecause = (text: string | Uint8Array): string => {
  const result = read(text);
  return 'broken' in result ? result.broken : 'it was read';
};
const valueOf = (text: string | Uint8Array): unknown => {
  const result = read(text);
  return 'broken' in result ? result.broken : JSON.parse(JSON.stringify(result.value));
};

describe('parseXml', () => {
  it('gives local names, attributes, repeated children as arrays, and leaves text as text', () => {
    const xml =
      '<?xml version="1.0"?><a:x xmlns:a="urn:a" n="007"><b>1e3</b><b>2</b><a:c> t </a:c><d/><e k="1">v</e></a:x>';
    const result = read(xml);
    expect(result).toMatchObject({ root: 'x' });
    expect(valueOf(xml)).toMatchObject({
      '@n': '007',
      b: ['1e3', '2'],
      c: 't',
      d: '',
      e: { '@k': '1', '#text': 'v' },
    });
  });

  it('reads the five entities of XML and character references, also in attributes, but not within CDATA', () => {
    expect(
      valueOf('<a k="&quot;&#65;"><b>livr&#233; &amp;lt; &#x41; R&amp;D</b><c><![CDATA[<&amp;>]]></c></a>'),
    ).toEqual({
      '@k': '"A',
      b: 'livré &lt; A R&D',
      c: '<&amp;>',
    });
  });

  it('reads Latin-1 and UTF-16 as declared, and refuses bytes that are not what is declared', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1');
    expect(valueOf(latin)).toBe('é');
    expect(valueOf(Buffer.from('\ufeff<a>é</a>', 'utf16le'))).toBe('é');
    expect(brokenBecause(Buffer.from('<a>é</a>', 'latin1'))).toMatch(/character set/);
    expect(brokenBecause('<?xml version="1.0" encoding="x-nobody"?><a/>')).toMatch(/character set/);
  });

  it('refuses every document type declaration: growing, fetching and harmless ones alike', () => {
    const laughs =
      '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>';
    const fetches = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>';
    for (const xml of [
      laughs,
      fetches,
      '<!doctype html><html/>',
      '<!-- > --><!DOCTYPE a><a/>',
      '<a><!ENTITY x "y"></a>',
    ])
      expect(brokenBecause(xml), xml).toMatch(/document type declaration/);
    expect(valueOf('<a><!-- <!DOCTYPE x> --><b><![CDATA[<!DOCTYPE x>]]></b></a>')).toEqual({
      b: '<!DOCTYPE x>',
    });
  });

  it('refuses entities that nothing declares, and character references to no character', () => {
    for (const xml of ['<a>&nbsp;</a>', '<a k="&x;"/>', '<a>&#0;</a>', '<a>&#x110000;</a>'])
      expect(brokenBecause(xml), xml).toMatch(/none of XML's own/);
  });

  it('refuses what is too deep or too large, at once', () => {
    expect(brokenBecause('<a>'.repeat(100_000) + '</a>'.repeat(100_000))).toMatch(/nested/i);
    expect(valueOf('<a>'.repeat(60) + '1' + '</a>'.repeat(60))).toBeTypeOf('object');
    expect(parseXml(Buffer.from('<a>12345</a>'), { maxBytes: 10, maxDepth: 5 })).toEqual({
      broken: 'XML of 12 bytes; at most 10 are read',
    });
  });

  it('says line and column of what is not well-formed', () => {
    expect(brokenBecause('<a>\n<b></a>')).toMatch(/not XML: .*line 2/);
    for (const text of [
      '',
      'hello',
      '<a/><b/>',
      '<a',
      '<a b=1/>',
      '<html><p>down for maintenance<br></html>',
    ])
      expect(brokenBecause(text), text).toMatch(/^not XML/);
  });

  it('refuses names that mean something to JavaScript', () => {
    expect(brokenBecause('<a><constructor>1</constructor></a>')).toMatch(/not XML/);
    expect(brokenBecause('<a><__proto__><x>1</x></__proto__></a>')).toMatch(/not XML/);
  });

  it('hands out the characters of one element', () => {
    const result = read('<a><b i="1"><c>é</c></b>\n<b i="2"><c>2</c></b><b i="3"/></a>');
    if ('broken' in result || typeof result.value === 'string' || !('b' in result.value))
      throw new Error('not read');
    const elements = result.value['b'];
    if (!Array.isArray(elements)) throw new Error('not an array');
    expect(elements.map((element) => Buffer.from(result.bytesOf(element)).toString())).toEqual([
      '<b i="1"><c>é</c></b>',
      '<b i="2"><c>2</c></b>',
      '<b i="3"/>',
    ]);
  });

  it('never throws, whatever is cut, flipped or put in', () => {
    const sound = Buffer.from(
      '<?xml version="1.0"?><a k="1"><b>x &amp; y</b><!-- c --><c><![CDATA[z]]></c></a>',
    );
    fc.assert(
      fc.property(
        fc.nat(sound.length - 1),
        fc.constantFrom(
          '',
          '<',
          '>',
          '&',
          '<!',
          '<!--',
          ']]>',
          '<?',
          '"',
          '\0',
          '</a>',
          '<![CDATA[',
          '&#xD800;',
        ),
        fc.nat(3),
        (at, put, cut) => {
          const bytes = Buffer.concat([sound.subarray(0, at), Buffer.from(put), sound.subarray(at + cut)]);
          const result = parseXml(bytes);
          expect('broken' in result ? typeof result.broken : typeof result.root).toBe('string');
        },
      ),
      { numRuns: 400 },
    );
  });
});
