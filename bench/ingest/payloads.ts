/** A kind of document that is sent again and again. `[<id>]` in its text becomes another id in each request. */
export interface Payload {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
  /** Records in one document. */
  readonly records: number;
}

/** Every document is another one to the ingest and to the line behind it: none is answered as a duplicate. */
const UNIQUE = '[<id>]';

const scan = (nth: number): string =>
  JSON.stringify({
    type: 'tracking',
    id: `${UNIQUE}-${nth}`,
    at: '2026-01-05T08:00:00Z',
    shipmentId: `BENCH-${nth}`,
    identifiers: [{ issuer: 'ACME', kind: 'pro', value: `4471${String(nth).padStart(6, '0')}` }],
    carrier: 'ACME',
    status: 'in_transit',
    place: {
      city: 'Columbus',
      region: 'OH',
      country: 'US',
      postalCode: '43215',
      latitude: 39.96,
      longitude: -83,
    },
  });

const segments = (...list: readonly string[]): string => list.map((segment) => `${segment}~\n`).join('');

/** One transaction set: a shipment that has left a terminal. */
const interchange = segments(
  'ISA*00*          *00*          *02*ACME           *ZZ*FOREWARN       *260105*0800*U*00401*000000042*0*P*>',
  'GS*QM*ACME*FOREWARN*20260105*0800*42*X*004010',
  'ST*214*0001',
  `B10*${UNIQUE}*BENCH-1*ACME`,
  'N1*SF*SHIPPER',
  'N4*CHICAGO*IL*60601*US',
  'N1*ST*CONSIGNEE',
  'N4*NEW YORK*NY*10001*US',
  'LX*1',
  'AT7*P1*NS***20260105*0755*ES',
  'MS1*COLUMBUS*OH*US',
  'MS2*ACME*53001',
  'SE*11*0001',
  'GE*1*42',
  'IEA*1*000000042',
);

export const payloads: readonly Payload[] = [
  { name: 'canonical JSON, 1 record', contentType: 'application/json', text: scan(1), records: 1 },
  {
    name: 'NDJSON, 100 records',
    contentType: 'application/x-ndjson',
    text: Array.from({ length: 100 }, (_, nth) => scan(nth)).join('\n'),
    records: 100,
  },
  { name: 'X12 214, 1 set', contentType: 'application/edi-x12', text: interchange, records: 1 },
];
