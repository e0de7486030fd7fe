import type { Customer } from './customers.ts';
import { Random } from './random.ts';

const iso = (t: number): string => new Date(t).toISOString();

const names = ['Ada Quill', 'Ben Okoro', 'Carmen Ruiz', 'Dana Weiss', 'Émile Roux', 'Fern Lindgren'] as const;
const zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'] as const;
const languageOf = (luck: number): string =>
  luck < 0.7 ? 'en' : luck < 0.85 ? 'es' : luck < 0.95 ? 'fr' : 'de';

/** Shares of contacts that want to hear nothing at all, and nothing by the channel that the simulation has. */
const optOutShares = { everything: 0.04, channel: 0.05 } as const;

const contactOf = (customer: Customer, number: number, role: string, random: Random): object => {
  const luck = random.next();
  const { everything, channel } = optOutShares;
  return {
    id: `${customer.id}-${number}`,
    name: random.pick(names),
    role,
    language: languageOf(random.next()),
    zone: random.pick(zones),
    // A domain that RFC 2606 and numbers that the North American plan keep for such as these.
    email: `${role}${number}@${customer.id}.example`,
    phone: random.chance(0.6) ? `+1202555${String(random.integer(100, 199)).padStart(4, '0')}` : null,
    optOut: luck < everything ? ['*'] : luck < everything + channel ? ['customer-notifications'] : [],
  };
};

/** Whom to tell for a customer: one or two of its own, and for every second one somebody where the goods arrive. */
export const directoryRecord = (seed: number, customer: Customer, at: number): object => {
  const random = new Random(seed, 'directory', customer.id);
  const roles = [
    'customer',
    ...(random.chance(0.4) ? ['customer'] : []),
    ...(random.chance(0.5) ? ['consignee'] : []),
  ];
  return {
    type: 'directory',
    id: `directory-${customer.id}`,
    at: iso(at),
    customerId: customer.id,
    contacts: roles.map((role, i) => contactOf(customer, i + 1, role, random)),
  };
};
