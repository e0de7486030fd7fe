import type { Outgoing } from './sender.ts';

const HOUR_MS = 3_600_000;

/** Shipments under way, well inside their promise: nothing is wrong with any of them yet. */
export const shipmentIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, nth) => `BENCH-${nth}`);

const planRecord = (shipmentId: string, now: number): object => ({
  type: 'plan',
  id: `plan-${shipmentId}`,
  at: now - 6 * HOUR_MS,
  shipmentId,
  identifiers: [{ issuer: 'tms', kind: 'tms', value: shipmentId }],
  customerId: `customer-${shipmentId.at(-1)}`,
  carrier: 'ACME',
  service: 'standard',
  mode: 'road',
  lane: 'CHI-NYC',
  legs: [
    {
      carrier: 'ACME',
      mode: 'road',
      from: 'CHI',
      to: 'NYC',
      zones: ['ILC031', 'OHC049'],
      departAt: now - HOUR_MS,
      arriveAt: now + 24 * HOUR_MS,
    },
  ],
  milestones: [
    { key: 'pickup', kind: 'pickup', leg: 0, plannedAt: now - HOUR_MS },
    { key: 'delivery', kind: 'delivery', leg: 0, plannedAt: now + 24 * HOUR_MS },
  ],
  promisedAt: now + 36 * HOUR_MS,
});

/** Plans in files of a hundred, as a TMS exports them. */
export const planDocuments = (ids: readonly string[], now: number): readonly Outgoing[] =>
  Array.from({ length: Math.ceil(ids.length / 100) }, (_, nth) => ({
    source: 'tms',
    contentType: 'application/x-ndjson',
    documentId: `plans-${ids[0]}-${nth}`,
    text: ids
      .slice(nth * 100, nth * 100 + 100)
      .map((id) => JSON.stringify(planRecord(id, now)))
      .join('\n'),
  }));

/**
 * Events of shipments that are known, one a document, each shipment once. Every `markEvery`th says that the goods are
 * damaged, which raises an exception at once; the others are plain progress.
 */
export const eventDocuments = (ids: readonly string[], now: number, markEvery: number): readonly Outgoing[] =>
  ids.map((shipmentId, nth) => {
    const isMarked = nth % markEvery === 0;
    const record = {
      type: 'tracking',
      id: `event-${shipmentId}`,
      at: now - 60_000,
      shipmentId,
      carrier: 'ACME',
      status: isMarked ? 'information' : 'in_transit',
      ...(isMarked ? { cause: 'cargo', effect: 'damaged', party: 'carrier', category: 'damage' } : {}),
      place: { city: 'Columbus', region: 'OH', country: 'US' },
    };
    return {
      source: 'acme-api',
      contentType: 'application/json',
      documentId: `doc-${shipmentId}`,
      text: JSON.stringify(record),
    };
  });
