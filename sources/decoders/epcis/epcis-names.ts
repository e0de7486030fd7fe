import { identifierKey, type Identifier } from '../../../domain/event.ts';
import { cbvWord } from './cbv-word.ts';
import type { EpcisEvent } from './epcis-event.ts';
import { identifierOfKey } from './gs1-key.ts';

const transactionKinds: Readonly<Record<string, Identifier['kind']>> = {
  po: 'po',
  bol: 'bol',
  desadv: 'shipper_reference',
};

/** Names of the shipments that an event is about: one list for each shipment. */
export const namesOf = (event: EpcisEvent): readonly (readonly Identifier[])[] => {
  const transactions = event.bizTransactionList.flatMap(({ type, bizTransaction }) => {
    const kind = transactionKinds[type ? cbvWord('transaction', type) : ''];
    return kind === undefined ? [] : [transactionName(kind, bizTransaction)];
  });
  const parent = event.parentID ? identifierOfKey(event.parentID) : null;
  const inside = parent === null ? event.childEPCs : [];
  const keys = [...event.epcList, ...inside, ...event.inputEPCList, ...event.outputEPCList].flatMap((epc) => {
    const key = identifierOfKey(epc);
    return key === null ? [] : [key];
  });
  const all = distinct([...transactions, ...(parent === null ? [] : [parent]), ...keys]);
  const units = all.filter(({ kind }) => kind === 'tracking');
  const named = all.some(({ kind }) => kind === 'po' || kind === 'bol' || kind === 'house_bill');
  // Logistic units that nothing holds together may be shipments of their own.
  if (named || units.length < 2) return all.length === 0 ? [] : [all];
  const shared = all.filter(({ kind }) => kind !== 'tracking');
  return units.map((unit) => [unit, ...shared]);
};

/**
 * `urn:epcglobal:cbv:bt:0614141073467:1152` is number 1152 of the party with that GLN; of `http://transaction.acme.com/po/12`
 * the host is who gave it, and the end is the number.
 */
const transactionName = (kind: Identifier['kind'], uri: string): Identifier => {
  const cbv = /^urn:epcglobal:cbv:bt:([^:]+):(.+)$/i.exec(uri);
  if (cbv !== null) return { issuer: cbv[1]!.slice(0, 60), kind, value: cbv[2]!.slice(0, 80) };
  const link = /^https?:\/\/([^/]+)\/.*?([^/?#]+)\/?(?:[?#].*)?$/.exec(uri);
  if (link !== null) return { issuer: link[1]!.slice(0, 60), kind, value: link[2]!.slice(0, 80) };
  return { issuer: 'GS1', kind, value: uri.replace(/^urn:epc:id:[a-z]+:/i, '').slice(0, 80) };
};

const distinct = (names: readonly Identifier[]): Identifier[] => [
  ...new Map(names.map((name) => [identifierKey(name), name])).values(),
];
