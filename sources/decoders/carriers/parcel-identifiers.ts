import { identifierKey, type Identifier } from '../../../domain/event.ts';
import type { CarrierReply } from './carrier-reply.ts';
import { textAt, valuesAt } from './tree.ts';

/** Names of a parcel: its tracking number by the carrier first, and what the shipper called it. */
export const identifiersOf = (parcel: unknown, reply: CarrierReply, issuer: string): Identifier[] => {
  const found = new Map<string, Identifier>();
  const add = (kind: Identifier['kind'], value: string | null): void => {
    if (value === null || value.length > 80) return;
    const named: Identifier = { issuer, kind, value };
    found.set(identifierKey(named), named);
  };
  for (const path of reply.tracking) {
    add('tracking', textAt(parcel, path));
    if (found.size > 0) break;
  }
  if (found.size === 0) return [];
  for (const { kind, path } of reply.alsoKnownAs ?? []) {
    for (const value of valuesAt(parcel, path)) add(kind, textAt(value, ''));
  }
  return [...found.values()];
};
