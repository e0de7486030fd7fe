import { type Place, place } from '../../domain/event.ts';

/** A place of which nothing is known yet. */
export const nowhere: Place = place.parse({});

/** A place of what is known; null where nothing is. */
export const placeWith = (known: Partial<Place>): Place | null =>
  Object.values(known).every((part) => part === null || part === undefined) ? null : { ...nowhere, ...known };

/** A coordinate in degrees, of a number or its text; null for what is none, or lies off the earth. */
export const degrees = (value: unknown, limit: 90 | 180): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= limit ? number : null;
};
