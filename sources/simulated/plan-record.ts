import type { Customer } from './customers.ts';
import type { Shipment } from './shipment.ts';

const iso = (t: number): string => new Date(t).toISOString();

/** The plan as the TMS exports it. */
export const planRecord = (shipment: Shipment): object => ({
  type: 'plan',
  id: `plan-${shipment.id}`,
  at: iso(shipment.createdAt),
  shipmentId: shipment.id,
  identifiers: shipment.identifiers,
  customerId: shipment.customerId,
  carrier: shipment.legs[0]?.carrier.scac ?? '',
  service: shipment.service,
  mode: shipment.mode,
  lane: shipment.lane,
  legs: shipment.legs.map((leg) => ({
    carrier: leg.carrier.scac,
    mode: leg.mode,
    from: leg.from.key,
    to: leg.to.key,
    zones: leg.road.zones,
    zonesAt: leg.road.zonesAt,
    departAt: iso(leg.departAt),
    arriveAt: iso(leg.arriveAt),
    port: leg.to.kind === 'port' ? leg.to.key : null,
  })),
  milestones: [
    { key: 'pickup', kind: 'pickup', leg: 0, plannedAt: iso(shipment.pickupAt) },
    ...shipment.legs.flatMap((leg, i) => [
      { key: `depart:${i}`, kind: 'departure', leg: i, plannedAt: iso(leg.departAt) },
      { key: `arrive:${i}`, kind: 'arrival', leg: i, plannedAt: iso(leg.arriveAt) },
    ]),
    { key: 'delivery', kind: 'delivery', leg: shipment.legs.length - 1, plannedAt: iso(shipment.deliveryAt) },
  ],
  promisedAt: iso(shipment.promisedAt),
  valueMinor: shipment.valueMinor,
  currency: 'USD',
  contentsClass: shipment.contentsClass,
});

/** A customer's contract, in force from `effectiveFrom` on. */
export const contractRecord = (customer: Customer, version: number, effectiveFrom: number): object => ({
  type: 'contract',
  id: `contract-${customer.id}-${version}`,
  at: iso(effectiveFrom),
  customerId: customer.id,
  version,
  tier: customer.tier,
  terms: customer.terms,
  effectiveFrom: iso(effectiveFrom),
});
