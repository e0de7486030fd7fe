import type { OddFile } from './contest.ts';

/** Header of a 4010 interchange; its widths are the standard's. */
const isa = (control: string): string =>
  `ISA*00*          *00*          *02*RDWY           *ZZ*FOREWARN       *250602*0700*U*00401*${control}*0*P*>`;

/** A 214 as carriers write it: references, two parties with their addresses, two statuses, weight. */
const shipmentStatus = (i: number): string[] => {
  const control = String(i + 1).padStart(4, '0');
  const segments = [
    `B10*PRO${i}*SHP${i}*RDWY`,
    `L11*BL${i}*BM`,
    `L11*PO${i}*PO`,
    'N1*SH*PAPER WORKS (USA) INC*93*1520',
    'N3*1 DUMP ROAD',
    'N4*RUMFORD*ME*04276*US',
    'N1*CN*FIBRE SHOP, INC*93*1521',
    'N3*161 WELLINGTON ROAD',
    'N4*BRATTLEBORO*VT*05301*US',
    'LX*1',
    'AT7*AF*NS***20250601*0815*LT',
    'MS1*RUMFORD*ME*US',
    'MS2*RDWY*30402*TL',
    `AT7*SD*AO***20250601*${String(10 + (i % 12)).padStart(2, '0')}30*ET`,
    'MS1*CONCORD*NH*US',
    'AT8*G*L*5472*12',
  ];
  return [`ST*214*${control}`, ...segments, `SE*${segments.length + 2}*${control}`];
};

const interchange = (control: string, from: number, count: number): string[] => [
  isa(control),
  `GS*QM*RDWY*FOREWARN*20250602*0700*${Number(control)}*X*004010`,
  ...Array.from({ length: count }, (_, i) => shipmentStatus(from + i)).flat(),
  `GE*${count}*${Number(control)}`,
  `IEA*1*${control}`,
];

const written = (segments: readonly string[], terminator = '~\n'): Buffer =>
  Buffer.from(segments.map((segment) => segment + terminator).join(''), 'latin1');

/** One interchange of so many shipment statuses, as the standard has it. */
export const soundX12 = (count: number): Buffer => written(interchange('000000042', 0, count));

const four = interchange('000000042', 0, 4);

/** What real files are like: each holds four statuses or eight, all of them readable. */
export const oddX12: readonly OddFile[] = [
  {
    what: 'byte order mark before the ISA',
    messages: 4,
    bytes: Buffer.concat([Buffer.from('\uFEFF'), written(four)]),
  },
  { what: 'line feeds end the segments', messages: 4, bytes: written(four, '\n') },
  {
    what: 'counts and control numbers are wrong',
    messages: 4,
    bytes: written(
      four.map((segment) =>
        segment
          .replace(/^SE\*\d+/, 'SE*99')
          .replace('GE*4*42', 'GE*7*41')
          .replace('IEA*1*000000042', 'IEA*3*41'),
      ),
    ),
  },
  { what: 'no ISA and no GS', messages: 4, bytes: written(four.slice(2, -2)) },
  {
    what: 'two interchanges, the second with other delimiters',
    messages: 8,
    bytes: Buffer.concat([
      written(four),
      written(
        interchange('000000043', 4, 4).map((segment) => segment.replaceAll('*', '|')),
        "'",
      ),
    ]),
  },
  {
    what: 'wrapped at 80 columns',
    messages: 4,
    bytes: Buffer.from(
      written(four, '~')
        .toString('latin1')
        .replaceAll(/(.{80})/g, '$1\r\n'),
      'latin1',
    ),
  },
  {
    what: 'blanks trimmed from the ISA',
    messages: 4,
    bytes: written(four.map((one) => one.replaceAll(/ {2,}/g, ''))),
  },
];
