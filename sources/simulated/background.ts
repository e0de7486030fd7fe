import { contractRecord } from './plan-record.ts';
import { upgraded, type Customer } from './customers.ts';
import { directoryRecord } from './directory-record.ts';
import { garbageDocument } from './dirt.ts';
import { ports } from './geography.ts';
import { alertMessages } from './nws-alert.ts';
import { portAt } from './port-congestion.ts';
import { Random } from './random.ts';
import type { Outgoing } from './trays.ts';
import { slotOf, slotStart, type Weather } from './weather.ts';
import { carriers } from './carriers.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const ndjson = 'application/x-ndjson';

/** Contract changes, and documents of no use, a day. */
const contractChangesPerDay = 3;
const garbagePerDay = 4;

export interface Background {
  readonly seed: number;
  readonly startAt: number;
  readonly weather: Weather;
  /** Changed in place when a customer's contract does. */
  readonly customers: Customer[];
  readonly outgoing: Outgoing;
  readonly schedule: (at: number, run: () => void) => void;
  readonly spoiled: (documentId: string) => void;
}

const linesOf = (records: readonly object[]): string =>
  records.map((record) => JSON.stringify(record)).join('\n') + '\n';

/** Alerts of each twelve-hour slot. What was issued before the start is told once, as it last stood. */
const startWeather = ({ seed, startAt, weather, outgoing, schedule }: Background): void => {
  const publish = (at: number, text: string): void => {
    schedule(at, () => outgoing.send('nws-alerts', 'application/geo+json', at, () => text));
  };
  const tell = (slot: number): void => {
    for (const front of weather.frontsOf(slot)) {
      for (const chain of alertMessages(seed, slot, front)) {
        const past = chain.filter((message) => message.issuedAt < startAt);
        const last = past.at(-1);
        if (last !== undefined && past.length < chain.length) publish(startAt + minuteMs, last.text);
        for (const { issuedAt, text } of chain.slice(past.length)) publish(issuedAt, text);
      }
    }
  };
  const openSlot = (slot: number): void => {
    tell(slot);
    weather.forgetBefore(slotStart(slot) - 2 * dayMs);
    schedule(slotStart(slot + 1), () => openSlot(slot + 1));
  };
  const first = slotOf(startAt);
  for (let slot = first - 5; slot < first; slot += 1) tell(slot);
  openSlot(first);
};

const startPorts = ({ seed, startAt, outgoing, schedule }: Background): void => {
  const tell = (at: number): void => {
    const records = ports.map(({ key }) => {
      const { state, vesselsWaiting, dwellHours, usualDwellHours } = portAt(seed, key, at);
      return {
        type: 'port',
        id: `port-${key}-${at}`,
        at: new Date(at).toISOString(),
        port: key,
        state,
        vesselsWaiting,
        dwellHours,
        usualDwellHours,
      };
    });
    outgoing.send('port-status', ndjson, at, () => linesOf(records));
    schedule(at + 4 * hourMs, () => tell(at + 4 * hourMs));
  };
  schedule(startAt, () => tell(startAt));
};

const startContracts = ({ seed, startAt, customers, outgoing, schedule }: Background): void => {
  const random = new Random(seed, 'contracts');
  const versions = new Map<string, number>();
  schedule(startAt, () => {
    const records = customers.map((customer) => contractRecord(customer, 1, startAt));
    outgoing.send('contracts', ndjson, startAt, () => linesOf(records));
  });
  const change = (at: number): void => {
    const index = random.integer(0, customers.length - 1);
    const customer = customers[index];
    if (customer !== undefined && customer.tier !== 'guaranteed') {
      const version = (versions.get(customer.id) ?? 1) + 1;
      versions.set(customer.id, version);
      const changed: Customer = { ...customer, tier: upgraded(customer.tier) };
      customers[index] = changed;
      outgoing.send('contracts', ndjson, at, () => linesOf([contractRecord(changed, version, at)]));
    }
    later(at);
  };
  const later = (at: number): void => {
    const next = Math.round(at + random.exponential(dayMs / contractChangesPerDay));
    schedule(next, () => change(next));
  };
  later(startAt + 2 * hourMs);
};

const startDirectories = ({ seed, startAt, customers, outgoing, schedule }: Background): void => {
  schedule(startAt, () => {
    const records = customers.map((customer) => directoryRecord(seed, customer, startAt));
    outgoing.send('crm', ndjson, startAt, () => linesOf(records));
  });
};

const startGarbage = ({ seed, startAt, outgoing, schedule, spoiled }: Background): void => {
  const random = new Random(seed, 'garbage');
  const later = (at: number): void => {
    const next = Math.round(at + random.exponential(dayMs / garbagePerDay));
    schedule(next, () => {
      const kind = random.pick(['canonical', 'x12'] as const);
      const { source } = random.pick(carriers.filter((carrier) => carrier.feed.kind === kind));
      const { contentType, text } = garbageDocument(kind, random);
      spoiled(outgoing.send(source, contentType, next, () => text));
      later(next);
    });
  };
  later(startAt);
};

/** Everything that goes on whether or not anything is shipped: weather, ports, contracts, contacts, and nonsense. */
export const startBackground = (background: Background): void => {
  startContracts(background);
  startDirectories(background);
  startPorts(background);
  startWeather(background);
  startGarbage(background);
};
