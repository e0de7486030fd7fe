import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../../sources/decoders/edifact/envelope.ts';
import { departed, interchange } from './interchange.ts';
import { eventsOf, failuresOf, readEdifact } from './read-edifact.ts';

const two = [departed('W1'), departed('W2')];
const waybillsOf = (content: string | Uint8Array): string[] =>
  eventsOf(readEdifact(content)).flatMap(({ identifiers }) => identifiers.map(({ value }) => value));

const otherwise = (text: string): string =>
  text.replace("UNA:+.? '", 'UNA^|,! ~').replaceAll(':', '^').replaceAll('+', '|').replaceAll("'", '~');

describe('an interchange', () => {
  it.each([
    ['as the standard has it', interchange(two)],
    ['without UNA', interchange(two, { una: '' })],
    ['with a byte order mark', `\uFEFF${interchange(two)}`],
    ['with line breaks between segments', interchange(two, { separator: '\r\n' })],
    ['with a line break after UNA', interchange(two).replace("? '", "? '\r\n")],
    ['wrapped at 80 columns', interchange(two).replaceAll(/(.{80})/g, '$1\r\n')],
    ['with other separators', otherwise(interchange(two))],
    ['with other separators and without UNA', otherwise(interchange(two, { una: '' }))],
    [
      'with the separators of level B',
      interchange(two, { una: '', syntax: 'UNOB:1' })
        .replaceAll(':', '\u001F')
        .replaceAll('+', '\u001D')
        .replaceAll("'", '\u001C'),
    ],
    ['of syntax version 4', interchange(two, { una: "UNA:+.?*'", syntax: 'UNOY:4' })],
    ['whose segments end with their lines', interchange(two, { una: '' }).replaceAll("'", '\n')],
    [
      'with tags in lower case',
      interchange(two).replaceAll(/(^|')([A-Z]{3})\+/g, (tag) => tag.toLowerCase()),
    ],
    [
      'in groups',
      interchange(two)
        .replace('UNH+1', "UNG+IFTSTA+A+B+250602:0800+9+UN+D:96A'UNH+1")
        .replace('UNZ+2', "UNE+2+9'UNZ+1"),
    ],
    [
      'without UNB and UNZ',
      interchange(two, { una: '' })
        .replace(/^UNB[^']*'/, '')
        .replace(/UNZ[^']*'$/, ''),
    ],
    ['with wrong counts', interchange(two).replaceAll('UNT+9', 'UNT+12').replace('UNZ+2', 'UNZ+7')],
    [
      'with wrong references',
      interchange(two)
        .replaceAll(/UNT\+9\+\d/g, 'UNT+9+77')
        .replace("+4711'UNZ", "+1'UNZ"),
    ],
    ['without UNZ', interchange(two).replace(/UNZ[^']*'$/, '')],
  ])('%s gives all its messages', (_, content) => {
    expect(waybillsOf(content)).toEqual(['W1', 'W2']);
    expect(failuresOf(readEdifact(content))).toEqual([]);
  });

  it('may follow another in one file, cut otherwise', () => {
    const content = interchange([departed('W1')]) + otherwise(interchange([departed('W2')]));
    expect(waybillsOf(content)).toEqual(['W1', 'W2']);
    const bare =
      interchange([departed('W1')], { una: '' }) + otherwise(interchange([departed('W2')], { una: '' }));
    expect(waybillsOf(bare)).toEqual(['W1', 'W2']);
  });

  it('tells counts, references and tags that are not as they should be, and where', () => {
    const content = interchange([departed('W1')])
      .replace('UNT+9+1', 'UNT+12+1')
      .replace('UNZ+1+4711', 'unz+3+4712');
    const { findings } = readEnvelope(content);
    expect(
      findings.map((one) => [one.kind, one.segment, one.control, one.said, one.found, one.byteOffset]),
    ).toEqual([
      ['wrong_count', 'UNT', '1', '12', '9', content.indexOf('UNT')],
      ['lower_case', null, '4711', null, null, content.indexOf('unz')],
      ['wrong_count', 'UNZ', '4711', '3', '1', content.indexOf('unz')],
      ['wrong_control', 'UNZ', '4711', '4712', '4711', content.indexOf('unz')],
    ]);
    expect(new Set(findings.map(({ sender, receiver }) => `${sender}>${receiver}`))).toEqual(
      new Set(['ZZ:KLINE>ZZ:FOREWARN']),
    );
    expect(readEnvelope(interchange(two)).findings).toEqual([]);
  });

  it('tells once what its sender does in every message, with how often', () => {
    const wrapped = interchange(two)
      .replaceAll(/UNT\+9/g, 'UNT+8')
      .replace('LOC+175', 'LOC+\r\n175')
      .replace(/UNZ[^']*'$/, '');
    expect(
      readEnvelope(wrapped).findings.map(({ kind, segment, times }) => `${kind} ${segment} ${times}`),
    ).toEqual(['wrapped null 1', 'wrong_count UNT 2', 'no_trailer UNZ 1']);
    const [first, second, ...records] = readEdifact(wrapped).map((one, position) =>
      one.type === 'edi_finding'
        ? { kind: one.value.kind, position: one.value.source.position === position }
        : one.type,
    );
    expect([first, second]).toEqual(['tracking', 'tracking']);
    expect(records).toEqual([
      { kind: 'wrapped', position: true },
      { kind: 'wrong_count', position: true },
      { kind: 'no_trailer', position: true },
    ]);
  });

  it('that is cut loses its last message only, with its bytes', () => {
    const whole = interchange(two);
    const cut = whole.slice(0, whole.indexOf('W2') + 20);
    const decoded = readEdifact(cut);
    expect(waybillsOf(cut)).toEqual(['W1']);
    expect(failuresOf(decoded)).toEqual([
      expect.stringMatching(/^FW401 IFTSTA 2: the file ends before its UNT/),
    ]);
    const [, failure] = decoded;
    expect(failure?.type === 'failure' && Buffer.from(failure.bytes).toString()).toBe(
      cut.slice(cut.indexOf('UNH+2')),
    );
  });

  it('of which a block is missing mixes no two shipments', () => {
    const whole = interchange(two);
    const from = whole.indexOf('LOC+175');
    const ran = whole.slice(0, from) + whole.slice(whole.indexOf('STS+1', from));
    expect(failuresOf(readEdifact(ran))).toEqual([
      expect.stringMatching(/^FW401 .*two messages ran together/),
    ]);
  });

  it('says what text belongs to nothing', () => {
    const decoded = readEdifact(`HELLO'${interchange([departed('W1')])}BYE'`);
    expect(failuresOf(decoded)).toEqual([
      "FW401 text that belongs to no message: HELLO'",
      "FW401 text that belongs to no message: BYE'",
    ]);
    expect(decoded.map(({ type }) => type)).toEqual(['failure', 'tracking', 'failure']);
  });

  it('without a message is one failure', () => {
    expect(failuresOf(readEdifact(interchange([])))).toEqual(['FW401 the interchange holds no message']);
  });
});

describe('text', () => {
  const cityOf = (content: string | Uint8Array): string | null | undefined =>
    eventsOf(readEdifact(content))[0]?.place?.city;
  const named = (city: string, syntax: string): string =>
    interchange([departed('W1').map((one) => one.replace('HAMBURG', city))], { syntax });

  it.each([
    ['UNOC:3', 'latin1', 'MÜNCHEN'],
    ['UNOA:2', 'latin1', 'MÜNCHEN'],
    ['UNOY:4', 'utf8', 'ŁÓDŹ'],
    ['UNOC:3', 'utf8', 'MÜNCHEN'],
  ] as const)('of %s written as %s is read', (syntax, encoding, city) => {
    expect(cityOf(Buffer.from(named(city, syntax), encoding))).toBe(city);
  });

  it('of UNOE is Cyrillic', () => {
    const bytes = Buffer.from(named('\u00BC\u00DE\u00E1\u00DA\u00D2\u00D0', 'UNOE:3'), 'latin1');
    expect(cityOf(bytes)).toBe('Москва');
  });

  it('keeps separators that are released', () => {
    expect(cityOf(named("O?'HARE ?+ MORE ?: ??", 'UNOC:3'))).toBe("O'HARE + MORE : ?");
    expect(waybillsOf(interchange([departed('W1??')]))).toEqual(['W1?']);
  });
});
