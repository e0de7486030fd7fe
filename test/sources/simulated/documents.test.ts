import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../sources/decoders/decode.ts';
import type { Decoded, DecoderSettings } from '../../../sources/decoders/decoder.ts';
import { loadMappings } from '../../../sources/decoders/load-mappings.ts';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import { carriers } from '../../../sources/simulated/carriers.ts';
import { happenings } from '../../../sources/simulated/happenings.ts';
import { createWorld } from '../../../sources/simulated/world.ts';
import { identifierKey } from '../../../domain/event.ts';
import type { Allocation } from '../../../domain/order.ts';

const dayMs = 86_400_000;
const startAt = Date.UTC(2026, 0, 5);
const world = createWorld({ seed: 7, startAt, shipmentsPerDay: 500 });
const documents = world.advance(startAt + 6 * dayMs);

const settings: DecoderSettings = {
  mappings: loadMappings('rules/mappings'),
  partners: {},
  defaultZone: 'America/Chicago',
  maxFutureMs: 10 * 60_000,
};
const decoded = documents.map((document) => ({ document, records: decodeOne(document) }));

function decodeOne({ source, documentId, contentType, heardAt, text }: RecordedDocument): readonly Decoded[] {
  return decode({ source, documentId, contentType, heardAt, bytes: Buffer.from(text) }, settings);
}

const eventsOf = <T extends Decoded['type']>(type: T): Extract<Decoded, { readonly type: T }>[] =>
  decoded.flatMap(({ records }) =>
    records.filter((record): record is Extract<Decoded, { readonly type: T }> => record.type === type),
  );

describe('documents of the simulated world', () => {
  it('decode, all but those that are spoiled on purpose', () => {
    const failing = decoded.filter(({ records }) => records.some((record) => record.type === 'failure'));
    expect(failing.length).toBeGreaterThan(10);
    expect(failing.map(({ document }) => document.documentId).toSorted()).toEqual(
      [...world.spoiled].toSorted(),
    );
  });

  it('lose nothing else of a document with one broken record', () => {
    const broken = decoded.filter(
      ({ document, records }) =>
        world.spoiled.has(document.documentId) && records.some((record) => record.type === 'tracking'),
    );
    expect(broken.length).toBeGreaterThan(0);
    for (const { document, records } of broken) {
      expect(records.length).toBe(document.text.trim().split('\n').length);
    }
  });

  it('never name the shipment in a scan, and name an identifier of its plan', () => {
    const known = new Set(eventsOf('plan').flatMap(({ value }) => value.identifiers.map(identifierKey)));
    const scans = eventsOf('tracking');
    expect(scans.length).toBeGreaterThan(10_000);
    expect(scans.every(({ value }) => value.shipmentId === null)).toBe(true);
    // Plans that are late are still on their way at the end.
    const resolved = scans.filter(({ value }) =>
      value.identifiers.some((one) => known.has(identifierKey(one))),
    );
    expect(resolved.length / scans.length).toBeGreaterThan(0.99);
  });

  it('bring one plan in twenty after its first scan', () => {
    const planHeardAt = new Map(
      eventsOf('plan').flatMap(({ value }) =>
        value.identifiers.map((one) => [identifierKey(one), value] as const),
      ),
    );
    const firstScanAt = new Map<string, number>();
    for (const { value } of eventsOf('tracking')) {
      for (const one of value.identifiers) {
        const plan = planHeardAt.get(identifierKey(one));
        if (plan === undefined) continue;
        firstScanAt.set(
          plan.shipmentId,
          Math.min(firstScanAt.get(plan.shipmentId) ?? Infinity, value.heardAt),
        );
      }
    }
    const plans = eventsOf('plan').filter(({ value }) => firstScanAt.has(value.shipmentId));
    const after = plans.filter(
      ({ value }) => value.heardAt > (firstScanAt.get(value.shipmentId) ?? Infinity),
    );
    expect(after.length / plans.length).toBeGreaterThan(0.02);
    expect(after.length / plans.length).toBeLessThan(0.07);
  });

  it('hold late, doubled and taken-back scans', () => {
    const scans = eventsOf('tracking').map(({ value }) => value);
    const hoursLate = scans.filter(
      ({ at, heardAt, status }) => status !== 'estimate' && heardAt - at > 3 * 3_600_000,
    );
    expect(hoursLate.length / scans.length).toBeGreaterThan(0.01);
    const heard = new Map<string, number>();
    for (const { id } of scans) heard.set(id, (heard.get(id) ?? 0) + 1);
    const doubled = [...heard.values()].filter((times) => times > 1);
    expect(doubled.length / heard.size).toBeGreaterThan(0.01);
    const retracting = scans.filter(({ retracts }) => retracts !== null);
    expect(retracting.length).toBeGreaterThan(20);
    expect(retracting.every(({ retracts }) => heard.has(retracts ?? ''))).toBe(true);
  });

  it('report damage, refusal and return by codes, over both kinds of feed', () => {
    for (const category of ['damage', 'refused', 'return', 'mechanical', 'weather', 'misroute', 'address']) {
      const feeds = new Set(
        eventsOf('tracking')
          .filter(({ value }) => value.category === category)
          .map(({ value }) => value.source.decoder.split('/')[0]),
      );
      expect([category, feeds.size]).toEqual([category, 2]);
    }
  });

  it('use categories that the taxonomy knows', () => {
    const taxonomy = readFileSync('rules/taxonomy.yaml', 'utf8');
    for (const { category } of Object.values(happenings)) {
      if (category !== null) expect(taxonomy).toContain(`\n  ${category}:\n`);
    }
  });

  it('have plans whose milestones and promise are in order', () => {
    const plans = eventsOf('plan').map(({ value }) => value);
    expect(new Set(plans.map((plan) => plan.mode))).toEqual(new Set(['parcel', 'ltl', 'truckload', 'ocean']));
    for (const plan of plans) {
      const times = plan.milestones.map((milestone) => milestone.plannedAt);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(plan.promisedAt).toBeGreaterThanOrEqual(times.at(-1) ?? Infinity);
      expect(plan.milestones.at(0)?.key).toBe('pickup');
      expect(plan.milestones.at(-1)?.key).toBe('delivery');
      expect(plan.legs.every((leg) => leg.zones.length > 0 || leg.mode === 'ocean')).toBe(true);
    }
  });

  it('bring orders whose lines are worth what their shipment is, and allocate all of them to it', () => {
    const orders = new Map(eventsOf('order').map(({ value }) => [value.orderId, value]));
    const byShipment = new Map<string, Allocation[]>();
    for (const { value } of eventsOf('allocation'))
      byShipment.set(value.shipmentId, [...(byShipment.get(value.shipmentId) ?? []), value]);
    const plans = eventsOf('plan').map(({ value }) => value);
    expect(plans.length).toBeGreaterThan(2_000);
    let dueBefore = 0;
    let lines = 0;
    for (const { shipmentId, customerId, valueMinor, promisedAt } of plans) {
      const allocated = byShipment.get(shipmentId) ?? [];
      const own = allocated.flatMap(({ orderId }) => orders.get(orderId) ?? []);
      expect(own.length).toBe(allocated.length);
      expect(own.length).toBeGreaterThanOrEqual(1);
      expect(own.length).toBeLessThanOrEqual(3);
      expect(own.every((order) => order.customerId === customerId)).toBe(true);
      const ordered = own.flatMap((order) => order.lines);
      expect(ordered.reduce((sum, line) => sum + line.valueMinor, 0)).toBe(valueMinor);
      expect(allocated.map((one) => one.lines)).toEqual(
        own.map((order) => order.lines.map(({ lineId, quantity }) => ({ lineId, quantity }))),
      );
      lines += ordered.length;
      dueBefore += ordered.filter(({ dueAt }) => dueAt < promisedAt).length;
      for (const { dueAt } of ordered)
        expect(Math.abs(dueAt - promisedAt)).toBeLessThanOrEqual(36 * 3_600_000);
    }
    expect(dueBefore / lines).toBeGreaterThan(0.02);
    expect(dueBefore / lines).toBeLessThan(0.2);
  });

  it('bring an order now before and now after its allocation', () => {
    const place = (type: 'order' | 'allocation') =>
      new Map(eventsOf(type).map(({ value }) => [value.orderId, value.heardAt]));
    const orders = place('order');
    const gaps = [...place('allocation')].map(([id, heardAt]) => heardAt - (orders.get(id) ?? Infinity));
    expect(gaps.some((gap) => gap < 0 && Number.isFinite(gap))).toBe(true);
    expect(gaps.some((gap) => gap > 0)).toBe(true);
  });

  it('name somebody to tell for every customer: in some languages, some of whom want to hear nothing', () => {
    const directories = eventsOf('directory').map(({ value }) => value);
    const customers = new Set(eventsOf('contract').map(({ value }) => value.customerId));
    expect(new Set(directories.map(({ customerId }) => customerId))).toEqual(customers);
    const contacts = directories.flatMap((one) => one.contacts);
    expect(directories.every((one) => one.contacts[0]?.role === 'customer')).toBe(true);
    expect(new Set(contacts.map(({ language }) => language)).size).toBeGreaterThan(2);
    expect(contacts.some(({ role }) => role === 'consignee')).toBe(true);
    const quiet = contacts.filter(({ optOut }) => optOut.length > 0);
    expect(quiet.length).toBeGreaterThan(0);
    expect(quiet.length / contacts.length).toBeLessThan(0.3);
  });

  it('ask about shipments that are late, or will be, once each', () => {
    const truths = new Map([...world.truth()].map((truth) => [truth.shipmentId, truth]));
    const inquiries = eventsOf('inquiry').map(({ value }) => value);
    expect(inquiries.length).toBeGreaterThan(100);
    expect(new Set(inquiries.map(({ shipmentId }) => shipmentId)).size).toBe(inquiries.length);
    for (const { shipmentId, customerId, at } of inquiries) {
      const truth = truths.get(shipmentId);
      expect(truth).toMatchObject({ customerId, late: true, asked: true, askedUntold: true });
      expect(at).toBeLessThanOrEqual(truth?.endedAt ?? 0);
    }
    const asked = [...truths.values()].filter((truth) => truth.asked);
    // What is asked in the last minute is still on its way.
    expect(asked.length - inquiries.length).toBeLessThanOrEqual(2);
  });

  it('carry customers of every tier and upgrades that replace them', () => {
    const contracts = eventsOf('contract').map(({ value }) => value);
    expect(new Set(contracts.map((contract) => contract.tier)).size).toBe(3);
    expect(contracts.filter(({ version }) => version === 1).length).toBe(60);
    expect(contracts.some(({ version }) => version > 1)).toBe(true);
  });

  it('tell of ports that fill and empty again', () => {
    const states = new Set(eventsOf('port').map(({ value }) => `${value.port} ${value.state}`));
    expect([...states].some((state) => state.endsWith('congested'))).toBe(true);
    expect([...states].some((state) => state.endsWith('open'))).toBe(true);
  });
});

describe('weather alerts of the simulated world', () => {
  const alerts = eventsOf('weather').map(({ value }) => value);
  const chains = new Map<string, typeof alerts>();
  for (const alert of alerts) chains.set(alert.hazardId, [...(chains.get(alert.hazardId) ?? []), alert]);

  it('form chains of NEW, CON or EXT, and CAN or EXP with the same hazard and references back', () => {
    expect(new Set(alerts.map((alert) => alert.vtecAction))).toEqual(
      new Set(['NEW', 'CON', 'EXT', 'CAN', 'EXP']),
    );
    const begun = [...chains.values()].filter((chain) => chain[0]?.vtecAction === 'NEW');
    expect(begun.length).toBeGreaterThan(20);
    for (const chain of begun) {
      chain.forEach((alert, i) => {
        expect(alert.references).toEqual(chain.slice(0, i).map(({ alertId }) => alertId));
        expect(alert.vtecAction === 'NEW').toBe(i === 0);
        expect(alert.endsAt).toBeGreaterThan(alert.onsetAt);
      });
    }
  });

  it('speak of counties that lie on planned legs', () => {
    const zones = new Set(eventsOf('plan').flatMap(({ value }) => value.legs.flatMap((leg) => leg.zones)));
    for (const { zones: warned } of alerts) {
      for (const zone of warned.filter((name) => !name.startsWith('SAME:'))) {
        expect(zone).toMatch(/^[A-Z]{2}C\d{3}$/);
      }
    }
    const onPath = alerts.filter((alert) => alert.zones.some((zone) => zones.has(zone)));
    expect(onPath.length / alerts.length).toBeGreaterThan(0.8);
  });
});

describe('X12 214 of the simulated world', () => {
  const interchanges = documents.filter(
    ({ contentType, documentId }) => contentType === 'application/edi-x12' && !world.spoiled.has(documentId),
  );

  it('has envelopes whose counts and control numbers agree', () => {
    expect(new Set(interchanges.map(({ source }) => source)).size).toBe(
      carriers.filter(({ feed }) => feed.kind === 'x12').length,
    );
    for (const { text } of interchanges) {
      const terminator = text.charAt(105);
      const element = text.charAt(3);
      const segments = text
        .split(terminator)
        .map((segment) => segment.trim())
        .filter((segment) => segment !== '')
        .map((segment) => segment.split(element));
      const of = (id: string): string[][] => segments.filter(([name]) => name === id);
      expect(segments[0]?.map((part) => part.length)).toEqual([
        3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1,
      ]);
      expect(of('IEA')[0]?.[2]).toBe(segments[0]?.[13]);
      expect(of('GE')[0]).toEqual(['GE', String(of('ST').length), of('GS')[0]?.[6]]);
      let opened = 0;
      segments.forEach((segment, i) => {
        if (segment[0] === 'ST') opened = i;
        if (segment[0] === 'SE')
          expect(segment.slice(1)).toEqual([String(i - opened + 1), segments[opened]?.[2]]);
      });
    }
  });

  it('names the zone of a time in some feeds, says LT in others, and says nothing in the rest', () => {
    const codes = new Map<string, Set<string>>();
    for (const { source, text } of interchanges) {
      for (const [, code = ''] of text.matchAll(/AT7\*\w\w\*\w\w\*\*\*\d{8}\*\d{4}(?:\*(\w\w))?/g)) {
        codes.set(source, (codes.get(source) ?? new Set()).add(code));
      }
    }
    expect(codes.get('brnq-214')).toEqual(new Set(['']));
    expect(codes.get('ovmq-214')).toEqual(new Set(['LT']));
    expect([...(codes.get('lkrd-214') ?? [])].every((code) => /^[ECMP]S$/.test(code))).toBe(true);
  });
});
