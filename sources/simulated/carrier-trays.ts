import { carriers, type Carrier } from './carriers.ts';
import { trackingRecord, type Report } from './report.ts';
import { createTray, type Outgoing } from './trays.ts';
import { interchange } from './x12-214.ts';

/** One tray a carrier: NDJSON every few minutes, or an interchange of 214s every half hour or hour. */
export const createCarrierTrays = (
  outgoing: Outgoing,
  schedule: (at: number, run: () => void) => void,
  spoiled: (documentId: string) => void,
): ReadonlyMap<Carrier, (report: Report, at: number) => void> => {
  const trays = new Map<Carrier, (report: Report, at: number) => void>();
  for (const carrier of carriers) {
    const { feed, source } = carrier;
    const tray = createTray<Report>(
      feed.kind === 'x12'
        ? {
            source,
            contentType: 'application/edi-x12',
            everyMin: feed.everyMin,
            write: (reports, at, number) => interchange(carrier, feed, reports, at, number),
          }
        : {
            source,
            contentType: 'application/x-ndjson',
            everyMin: feed.everyMin,
            write: (reports) =>
              reports
                .map((report) => `${JSON.stringify(trackingRecord(report, feed.namesMilestones))}\n`)
                .join(''),
            sent: (documentId, reports) => {
              if (reports.some((report) => report.broken)) spoiled(documentId);
            },
          },
      outgoing,
      schedule,
    );
    trays.set(carrier, tray);
  }
  return trays;
};
