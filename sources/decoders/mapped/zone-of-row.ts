import type { InputField, MappedRecord } from '../../../domain/input-mapping.ts';
import { placeWith } from '../place-with.ts';
import { type NamedZone, type Zone, zoneOfPartner } from '../iso-time.ts';
import { zoneAt } from '../stop-zone.ts';
import { readField, type Row, textIn } from './read-field.ts';
import type { MappedContext } from './read-mapped.ts';
import type { SentRecord } from './row-record.ts';

/** Zone of times that say none and belong to no place: the mapping's, else the source's, else the configured default. */
export const zoneOfSender = ({ mapping, document, settings }: MappedContext): NamedZone =>
  mapping.zone === undefined
    ? zoneOfPartner(settings.partners[document.source] ?? {}, settings)
    : { zone: mapping.zone, zoneSource: 'partner' };

/**
 * Zone of a row's times that say none. A mapping that names a zone knows what its sender writes; else the times of an event
 * are those of its place, as everywhere.
 */
export const zoneOfRow = (row: Row, { type, fields }: MappedRecord, context: MappedContext): NamedZone => {
  const { mapping, document, settings } = context;
  if (type !== 'tracking' || mapping.zone !== undefined) return zoneOfSender(context);
  const named = Object.entries(fields).flatMap(([path, field]) =>
    path.startsWith('place.') ? [[path.slice('place.'.length), readField(row, field, 'UTC') ?? null]] : [],
  );
  const partner = settings.partners[document.source] ?? {};
  return zoneAt(placeWith(Object.fromEntries(named)), document.heardAt, { partner, settings });
};

/**
 * How the time of an event was found, and that the promise of a plan is a day, where the mapping does not say it itself;
 * nothing of other records.
 */
export const howTimed = (row: Row, { type, fields }: MappedRecord, { zoneSource }: Zone): SentRecord => {
  const promise = fields['promisedAt'];
  if (type === 'plan' && typeof promise === 'object' && 'column' in promise && promise.as === 'day')
    return { promisePrecision: 'day' };
  const at = fields['at'];
  if (type !== 'tracking' || at === undefined || typeof at === 'string' || !('column' in at)) return {};
  return {
    zoneSource: saysZone(row, at) ? 'utc' : at.zone === undefined ? zoneSource : 'partner',
    precision: at.as === 'day' ? 'day' : 'instant',
  };
};

const saysZone = (row: Row, field: Extract<InputField, { readonly column: string }>): boolean => {
  const { as, column, format = 'iso' } = field;
  if (as === 'day') return false;
  return format === 'iso'
    ? /(Z|[+-]\d{2}:?\d{2})$/.test(textIn(row, column).slice(10))
    : format.startsWith('epoch');
};
