import type { OddFile } from './contest.ts';

/** An IFTSTA as ocean carriers write it: parties, references, two statuses with their ways, the container. */
const statusReport = (i: number): string[] => {
  const container = `TRHU${String(1_000_000 + i)}`;
  const segments = [
    `BGM+23+REP${i}+9`,
    'DTM+137:202506020730:203',
    'NAD+CA+KLNE:160:87++K LINE+1 HARBOUR ROAD+HAMBURG++20457+DE',
    'NAD+CN+4012345000009::9++FIBRE SHOP GMBH+HAUPTSTR 1+KOELN++50667+DE',
    `RFF+BM:KLNE${i}`,
    `RFF+BN:BK${i}`,
    `CNI+1+WB${i}`,
    'STS+1+29',
    'DTM+334:202506010815:203',
    'LOC+175+DEHAM:139:6:HAMBURG',
    'STS+1+20+63',
    `DTM+334:20250601${String(10 + (i % 12)).padStart(2, '0')}30:203`,
    'LOC+175+DEHAM:139:6:HAMBURG',
    'FTX+AAI+++STORM ON THE ELBE:TERMINAL CLOSED',
    'TDT+20+202N+1++KLNE:172:20+++9330141:146:11:MARIM',
    'LOC+9+USNYC:139:6:NEW YORK',
    'DTM+186:202505201800:203',
    `EQD+CN+${container}+45G1:102:5+++5`,
  ];
  return [`UNH+${i + 1}+IFTSTA:D:96A:UN`, ...segments, `UNT+${segments.length + 2}+${i + 1}`];
};

const interchange = (reference: string, from: number, count: number): string[] => [
  `UNB+UNOC:3+KLINE:ZZ+FOREWARN:ZZ+250602:0800+${reference}`,
  ...Array.from({ length: count }, (_, i) => statusReport(from + i)).flat(),
  `UNZ+${count}+${reference}`,
];

const UNA = "UNA:+.? '";
const written = (segments: readonly string[], terminator = "'\n", una = UNA): Buffer =>
  Buffer.from(una + segments.map((segment) => segment + terminator).join(''), 'latin1');

/** One interchange of so many status reports, as the standard has it. */
export const soundEdifact = (count: number): Buffer => written(interchange('4711', 0, count));

const four = interchange('4711', 0, 4);
const otherwise = (text: string): string =>
  text.replaceAll(':', '^').replaceAll('+', '|').replaceAll("'", '~').replaceAll('?', '!');

/** What real files are like: each holds four status reports or eight, all of them readable. */
export const oddEdifact: readonly OddFile[] = [
  {
    what: 'byte order mark before the UNA',
    messages: 4,
    bytes: Buffer.concat([Buffer.from('\uFEFF'), written(four)]),
  },
  { what: 'no UNA', messages: 4, bytes: written(four, "'", '') },
  { what: 'line feeds end the segments', messages: 4, bytes: written(four, '\n', '') },
  {
    what: 'other separators, and no UNA',
    messages: 4,
    bytes: Buffer.from(otherwise(written(four, "'", '').toString('latin1')), 'latin1'),
  },
  {
    what: 'tags in lower case',
    messages: 4,
    bytes: written(four.map((one) => one.slice(0, 3).toLowerCase() + one.slice(3))),
  },
  {
    what: 'accents in Latin-1',
    messages: 4,
    bytes: written(four.map((one) => one.replace('KOELN', 'K\u00D6LN'))),
  },
  {
    what: 'repetition separator of syntax version 4 in UNA',
    messages: 4,
    bytes: written(four, "'\n", "UNA:+.?*'"),
  },
  {
    what: 'counts and references are wrong',
    messages: 4,
    bytes: written(four.map((one) => one.replace(/^UNT\+\d+/, 'UNT+99').replace('UNZ+4+4711', 'UNZ+7+1'))),
  },
  { what: 'no UNB and no UNZ', messages: 4, bytes: written(four.slice(1, -1), "'", '') },
  {
    what: 'two interchanges, each with its UNA',
    messages: 8,
    bytes: Buffer.concat([
      written(four),
      Buffer.from(otherwise(written(interchange('4712', 4, 4)).toString('latin1')), 'latin1'),
    ]),
  },
  {
    what: 'wrapped at 80 columns',
    messages: 4,
    bytes: Buffer.from(
      written(four, "'")
        .toString('latin1')
        .replaceAll(/(.{80})/g, '$1\r\n'),
      'latin1',
    ),
  },
  { what: 'cut off in the last message', messages: 3, bytes: written(four).subarray(0, -120) },
];
