import { feedSubject } from '../../domain/detection/silent-feed.ts';
import type { Scenario } from './scenario.ts';

/** Fields whose values make two records meet: what scenarios on one line may not share. */
const meeting = [
  'shipmentId',
  'customerId',
  'orderId',
  'hazardId',
  'port',
  'zones',
  'identifiers',
  'id',
] as const;

const namesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    (meeting as readonly string[]).includes(field) && inner !== null
      ? [inner].flat().map((one) => `${field} ${typeof one === 'string' ? one : JSON.stringify(one)}`)
      : namesIn(inner),
  );
};

export const namesOf = ({ lines }: Scenario): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => (line.kind === 'record' ? namesIn(line.record) : [])));

/** Shipments that a scenario plans, and feeds that it names: what can have an exception. */
export const shipmentsOf = ({ lines }: Scenario): ReadonlySet<string> =>
  new Set(
    lines.flatMap((line) => {
      if (line.kind !== 'record') return [];
      const { type, feed } = line.record;
      return [
        ...(type === 'plan' ? [String(line.record['shipmentId'])] : []),
        ...(feed === undefined ? [] : [feedSubject(feed)]),
      ];
    }),
  );

/** Names that more than one scenario has: they would hear of each other. */
export const sharedNames = (scenarios: readonly Scenario[]): readonly string[] => {
  const users = new Map<string, string[]>();
  for (const scenario of scenarios)
    for (const name of namesOf(scenario)) users.set(name, [...(users.get(name) ?? []), scenario.name]);
  return [...users].filter(([, of]) => of.length > 1).map(([name, of]) => `${name}: ${of.join(', ')}`);
};
