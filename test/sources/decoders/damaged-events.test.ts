import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portCall } from '../../../domain/port-call.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import type { Decoded } from '../../../sources/decoders/decoder.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import type { FormatName } from '../../../runtime/format-names.ts';
import { documentOf, settingsWith, textOf } from './decoder-settings.ts';

/** More runs than CI has, for the long proofs. */
const numRuns = Number(process.env['FOREWARN_FUZZ_RUNS'] ?? 100);

const token = (i: number): string => `MARK${i}X`;
const marks = [0, 1, 2, 3].map(token);

const dcsa = {
  events: marks.map((mark) => ({
    eventID: `E-${mark}`,
    eventDateTime: '2025-06-01T07:30:00Z',
    eventUpdatedDateTime: '2025-06-01T08:00:00Z',
    eventClassification: {
      eventType: 'REEFER',
      eventClassifier: 'ACTUAL',
      reeferEventType: 'MEASURED',
    },
    shipmentDetails: { documentReference: { type: 'BOOKING', reference: mark } },
    reeferDetails: {
      temperatureUnit: 'CEL',
      internalSetpointTemperature: -20,
      temperatureProbeMeasurements: [{ measuredTemperatureValue: -19.5 }],
    },
  })),
};
const epcis = {
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  epcisBody: {
    eventList: marks.map((mark) => ({
      type: 'ObjectEvent',
      eventTime: '2025-06-01T09:30:00Z',
      eventTimeZoneOffset: '+02:00',
      action: 'OBSERVE',
      bizStep: 'receiving',
      epcList: ['urn:epc:id:sscc:0614141.1234567890'],
      bizTransactionList: [{ type: 'po', bizTransaction: `https://acme.example/po/${mark}` }],
      readPoint: { id: 'geo:51.9,4.1' },
    })),
  },
};
const oneRecord = {
  '@type': 'api:Collection',
  'api:hasItem': marks.map((mark) => ({
    '@type': 'cargo:LogisticsEvent',
    'cargo:eventDate': { '@value': '2025-06-01T07:30:00Z' },
    'cargo:eventCode': { '@id': 'https://onerecord.iata.org/ns/code-lists/StatusCode#DEP' },
    'cargo:eventFor': { '@id': `https://1r.example.com/logistics-objects/${mark}` },
  })),
};
const sapGtt = {
  d: {
    results: marks.map((mark) => ({
      __metadata: { type: 'com.acme.gtt.app.sofService.Arrival' },
      id: `id-${mark}`,
      eventType: 'com.acme.gtt.app.sof.Shipment.Arrival',
      trackingId: mark,
      actualBusinessTimestamp: '/Date(1748763000000)/',
    })),
  },
};
const cargoImp = [
  'FSU/12',
  ...marks.flatMap((mark, i) => [
    `057-1234567${i}CDGJFK/T10K500`,
    `DLV/01JUN1000/JFK/T10K500/${mark}`,
    `OSI/${mark}`,
  ]),
].join('\n');

const sound: readonly (readonly [FormatName, string])[] = [
  ['dcsa', JSON.stringify(dcsa)],
  ['epcis', JSON.stringify(epcis)],
  ['one-record', JSON.stringify(oneRecord)],
  ['sap-gtt', JSON.stringify(sapGtt)],
  ['cargo-imp', cargoImp],
];

const read = (format: FormatName, content: string | Uint8Array): readonly Decoded[] =>
  decode(
    documentOf(content, { contentType: 'application/octet-stream' }),
    settingsWith({ partners: { acme: { format } } }),
  );

const check = (decoded: readonly Decoded[]): void => {
  expect(decoded.length).toBeGreaterThan(0);
  expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
  for (const one of decoded) {
    if (one.type === 'failure') {
      expect(one.reason).not.toBe('');
    } else if (one.type === 'tracking') expect(trackingEvent.safeParse(one.value).success).toBe(true);
    else if (one.type === 'port_call') expect(portCall.safeParse(one.value).success).toBe(true);
  }
};

/** Everything that is told or kept. */
const said = (decoded: readonly Decoded[]): string =>
  decoded
    .map((one) => {
      if (one.type === 'failure') return textOf(one.bytes);
      if (one.type !== 'tracking') return '';
      return [one.value.text, ...one.value.identifiers.map(({ value }) => value)].join(' ');
    })
    .join('\n');

const change = fc.record({
  kind: fc.constantFrom('cut', 'flip', 'repeat', 'insert'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 200 }),
  piece: fc.constantFrom(
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    'null',
    '1e999',
    '\u0000',
    '/',
    '\n',
    '\\u0000',
    '-',
    'é',
  ),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const apply = (text: string, { kind, at, length, piece }: Change): string => {
  const cut = Math.floor(at * text.length);
  const [head, rest] = [text.slice(0, cut), text.slice(cut)];
  if (kind === 'cut') return head + rest.slice(length);
  if (kind === 'flip') return head + piece + rest.slice(1);
  return kind === 'insert' ? head + piece + rest : head + rest.slice(0, length) + rest;
};

/**
 * What of the marks, and of the air waybills, is still said in Cargo-IMP. A line that begins as a status or an air waybill does has
 * elements that nobody reads, such as who took the goods: what a lost line break moved into them is said no longer, and
 * costs no record, because the status is told.
 */
const namedInCargoImp = (damaged: string): readonly string[] => {
  const lines = damaged.split('\n').map((line) => line.replaceAll(/^[^!-~]+/g, ''));
  const loose = lines.filter((line) => !/^(?!OSI)[A-Z]{3}\/|^\d{3}-?\d{8}/.test(line));
  return [
    ...marks.filter((mark) => loose.some((line) => line.includes(mark))),
    ...marks
      .map((_, i) => `057-1234567${i}`)
      .filter(
        (name) => lines.some((line) => line.startsWith(`${name}CDGJFK/`)) || loose.join().includes(name),
      ),
  ];
};

const expectAllNamed = (format: FormatName, damaged: string, decoded: readonly Decoded[]): void => {
  const all = said(decoded);
  const named =
    format === 'cargo-imp' ? namedInCargoImp(damaged) : marks.filter((mark) => damaged.includes(mark));
  for (const name of named) expect(all).toContain(name);
};

/** Damages that chance has found, and that once cost a record without a word. */
const found: readonly (readonly [string, FormatName, string, Change, string, string])[] = [
  [
    'an event of SAP that has lost its type and its name is no list of codes',
    'sap-gtt',
    JSON.stringify(sapGtt),
    { kind: 'cut', at: 0.0950661853188929, length: 70, piece: '"' },
    'SAP Arrival: neither event, state nor code',
    '{"__metadata":{"type":"com.acme.gtt.app.sofService.Arrival"},"rackingId":"MARK0X","actualBusinessTimestamp":"/Date(1748763000000)/"}',
  ],
  [
    'a status of Cargo-IMP without a date keeps the remark after it',
    'cargo-imp',
    cargoImp,
    { kind: 'cut', at: 0.12413793103448276, length: 171, piece: '"' },
    'FSU DLX: no date, such as 12MAR1730',
    'FSU/12\n057-12345670CDGJFK/T10K500\nDLX\nOSI/MARK2X',
  ],
];

describe('damage that was found by chance', () => {
  it.each(found)('%s', (_, format, text, damage, reason, bytes) => {
    const damaged = apply(text, damage);
    const decoded = read(format, damaged);
    check(decoded);
    expectAllNamed(format, damaged, decoded);
    const failures = decoded.flatMap((one) =>
      one.type === 'failure'
        ? [{ position: one.position, reason: one.reason, bytes: textOf(one.bytes) }]
        : [],
    );
    expect(failures).toEqual([{ position: 0, reason, bytes }]);
  });
});

/** Values that no sender means, in the place of any that it does. */
const odd = fc.constantFrom<unknown>(null, 1e308, -1, '', [], {}, true, 'x'.repeat(5_000), [[[[]]]], {
  a: null,
});

describe.each(sound)('a damaged document of %s', (format, text) => {
  it('is sound before', () => {
    const decoded = read(format, text);
    expect(decoded.map(({ type }) => type)).toEqual(marks.map(() => 'tracking'));
  });

  it('never throws and accounts for every record that is still named in it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const damaged = changes.reduce(apply, text);
        const decoded = read(format, damaged);
        check(decoded);
        // The name of an item inside stays a name when its order is lost; everywhere else the mark is the only one.
        if (format === 'epcis') return;
        expectAllNamed(format, damaged, decoded);
      }),
      // A fixed seed: out of very many damages one may make a member that nobody reads out of the mark's.
      { numRuns, seed: 6 },
    );
  });

  it('never throws on bytes, whatever their character set', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bytes, at) => {
          const whole = Buffer.from(text);
          const cut = Math.floor(at * whole.length);
          check(read(format, Buffer.concat([whole.subarray(0, cut), bytes, whole.subarray(cut)])));
          check(read(format, Buffer.from(text, 'utf16le').subarray(0, 500)));
        },
      ),
      { numRuns },
    );
  });
});

describe.each(sound.filter(([format]) => format !== 'cargo-imp'))('an odd value in %s', (format, text) => {
  it('costs its own record at most, and that one keeps its bytes', () => {
    const paths = pathsOf(JSON.parse(text));
    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        const document: unknown = JSON.parse(text);
        put(document, path, value);
        const decoded = read(format, JSON.stringify(document));
        check(decoded);
        expect(decoded.filter(({ type }) => type === 'tracking').length).toBeGreaterThanOrEqual(
          marks.length - 1,
        );
        for (const one of decoded) {
          if (one.type === 'failure') expect(() => JSON.parse(textOf(one.bytes)) as unknown).not.toThrow();
        }
      }),
      { numRuns },
    );
  });

  it('nested a hundred thousand deep is refused or passed over', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    check(read(format, text.replace('"2025-06-01', `${deep},"x":"2025-06-01`)));
    check(read(format, deep));
  });
});

type Path = readonly (string | number)[];

/** Paths of everything inside the second record. */
const pathsOf = (document: unknown): Path[] => {
  const found: Path[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (path.includes(1)) found.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(document, []);
  return found.filter((path) => path.includes(1));
};

const put = (document: unknown, path: Path, value: unknown): void => {
  let holder = document as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[path.at(-1)!] = value;
};
