import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interchangeId } from '../../../sources/http/interchange-id.ts';

const isa = (separator: string, sender: string, control: string) =>
  [
    'ISA',
    '00',
    '          ',
    '00',
    '          ',
    'ZZ',
    sender.padEnd(15),
    'ZZ',
    'ACME           ',
    '260105',
    '1200',
    'U',
    '00401',
    control,
    '0',
    'P',
    '>~',
  ].join(separator);
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

describe('interchangeId', () => {
  it('reads sender, time and control number whatever the separator', () => {
    for (const separator of ['*', '|', '^', '\x1d'])
      expect(interchangeId(bytesOf(`${isa(separator, 'SAIA', '000000007')}GS`))).toMatch(
        /^isa:ZZ:SAIA:260105:1200:000000007:[0-9a-f]{16}$/,
      );
  });

  it('reads sender, time and reference of a UNB, with UNA and without', () => {
    const text = "UNB+UNOC:3+KLINE:ZZ+FOREWARN:ZZ+250602:0800+4711'UNH+1+IFTSTA:D:96A:UN'BGM+23+1'";
    for (const content of [
      text,
      `UNA:+.? '\r\n${text}`,
      `\u00EF\u00BB\u00BF${text}`,
      text.replaceAll('+', '|'),
    ])
      expect(interchangeId(bytesOf(content))).toMatch(/^unb:ZZ:KLINE:250602:0800:4711:[0-9a-f]{16}$/);
    expect(interchangeId(bytesOf(text.replace('+4711', '')))).toBeUndefined();
    expect(interchangeId(bytesOf(text.slice(text.indexOf('UNH'))))).toBeUndefined();
  });

  it('differs with the content behind the ISA', () => {
    const head = isa('*', 'SAIA', '000000007');
    expect(interchangeId(bytesOf(`${head}GS*1~`))).not.toBe(interchangeId(bytesOf(`${head}GS*2~`)));
  });

  it('reads past a byte order mark, blanks and line ends, and through a header that was wrapped', () => {
    const header = isa('*', 'SAIA', '000000007');
    for (const text of [
      `\r\n${header}`,
      `\u00EF\u00BB\u00BF${header}`,
      `\u00EF\u00BB\u00BF\r\n${header}`,
      `${header.slice(0, 72)}\r\n${header.slice(72)}`,
    ])
      expect(interchangeId(bytesOf(text))).toMatch(/^isa:ZZ:SAIA:260105:1200:000000007:/);
  });

  it.each([
    '',
    'ISA',
    'ISA*00*',
    'ISAAC NEWTON',
    '{"ISA":1}',
    isa('*', 'SAIA', '         '),
    isa('*', '', '000000007'),
    isa('*', 'SAIA', '000000007').slice(0, 90),
  ])('finds none in %j', (text) => {
    expect(interchangeId(bytesOf(text))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, asIsa) => {
        interchangeId(asIsa ? Buffer.concat([bytesOf('ISA*'), bytes]) : bytes);
      }),
    );
  });
});
