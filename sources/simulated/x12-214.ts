import type { Carrier } from './carriers.ts';
import { happenings } from './happenings.ts';
import { localDigits, zoneOffset } from './local-time.ts';
import type { Report } from './report.ts';

type X12Feed = Extract<Carrier['feed'], { readonly kind: 'x12' }>;

const receiver = 'SHIPPERCO';

/**
 * X12 element 623: the zone's letter, then S for standard or D for daylight time. `LT` is local time, by
 * whichever clock hangs at the stop. New York in January → ES; Phoenix in July → MS.
 */
const timeCode = (feed: X12Feed, t: number, timeZone: string): string => {
  if (feed.timeCode === 'none') return '';
  if (feed.timeCode === 'local') return 'LT';
  const january = zoneOffset(Date.UTC(new Date(t).getUTCFullYear(), 0, 1), timeZone);
  const letter = ['E', 'C', 'M', 'P'][-january / 3_600_000 - 5] ?? 'U';
  return `${letter}${zoneOffset(t, timeZone) === january ? 'S' : 'D'}`;
};

const segment = (...elements: readonly string[]): string => elements.join('*').replace(/\*+$/, '');

const transaction = (report: Report, carrier: Carrier, feed: X12Feed, number: string): string[] => {
  const { shipment, place } = report;
  const happening = happenings[report.kind];
  const said = report.estimatedAt ?? report.at;
  const { date, time } = localDigits(said, place.timeZone);
  const origin = shipment.legs[0]?.from;
  const destination = shipment.legs.at(-1)?.to;
  const body = [
    segment('ST', '214', number),
    segment('B10', shipment.legs[report.leg]?.pro ?? '', shipment.identifiers[0]?.value ?? '', carrier.scac),
    segment('N1', 'SF', shipment.customerId.toUpperCase()),
    segment('N4', origin?.city.toUpperCase() ?? '', origin?.region ?? '', '', 'US'),
    segment('N1', 'ST', 'CONSIGNEE'),
    segment('N4', destination?.city.toUpperCase() ?? '', destination?.region ?? '', '', 'US'),
    segment('LX', '1'),
    segment(
      'AT7',
      happening.x12Status,
      happening.x12Reason,
      '',
      '',
      date,
      time,
      timeCode(feed, said, place.timeZone),
    ),
    segment('MS1', place.city.toUpperCase().replace(/\./g, ''), place.region, 'US'),
    segment('MS2', carrier.scac, `${53_000 + (shipment.number % 900)}`),
  ];
  return [...body, segment('SE', String(body.length + 1), number)];
};

/** One 004010 interchange of 214s, one transaction set a report, with control numbers that count up. */
export const interchange = (
  carrier: Carrier,
  feed: X12Feed,
  reports: readonly Report[],
  t: number,
  control: number,
): string => {
  const iso = new Date(t).toISOString();
  const day = iso.slice(0, 10).replaceAll('-', '');
  const time = iso.slice(11, 13) + iso.slice(14, 16);
  const nine = String(control).padStart(9, '0');
  const pad = (text: string): string => text.padEnd(15);
  const empty = ' '.repeat(10);
  const envelope = `ISA*00*${empty}*00*${empty}*02*${pad(carrier.scac)}*ZZ*${pad(receiver)}`;
  const segments = [
    `${envelope}*${day.slice(2)}*${time}*U*00401*${nine}*0*P*>`,
    segment('GS', 'QM', carrier.scac, receiver, day, time, String(control), 'X', '004010'),
  ];
  reports.forEach((report, i) => {
    segments.push(...transaction(report, carrier, feed, String(i + 1).padStart(4, '0')));
  });
  segments.push(segment('GE', String(reports.length), String(control)), segment('IEA', '1', nine));
  return segments.join(feed.lineEnd) + feed.lineEnd;
};
