import type { Point } from '../../domain/places.ts';
import type { PostalPlaces } from './postal-places.ts';

/**
 * The point that a word in a plan's `from` or `to` names. Only words that can mean nothing else are read: five bare digits
 * may be anybody's number. `US-60601` · `60601, US` · `CA M5V 2T6` · `Dayton, OH` · `Dayton, OH, US` · `DAYTON OH US` ·
 * `39.76,-84.19`.
 */
export const pointOfWord = (word: string, postal: () => PostalPlaces): Point | null => {
  const text = word.trim();
  const numbers = /^(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(text);
  if (numbers !== null) {
    const [latitude, longitude] = [Number(numbers[1]), Number(numbers[2])];
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
  }
  const first = /^(USA?|CAN?)[ -]\s*(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z](?: ?\d[A-Z]\d)?)$/i.exec(text);
  if (first !== null) return postal().byCode(first[2]!, first[1]!);
  const last = /^(\d{5}(?:-\d{4})?|[A-Z]\d[A-Z](?: ?\d[A-Z]\d)?),?\s+(USA?|CAN?)$/i.exec(text);
  if (last !== null) return postal().byCode(last[1]!, last[2]!);
  const city =
    /^([^,\d]{2,60}),\s*([A-Z]{2})(?:,\s*USA?)?$/i.exec(text) ??
    /^([^,\d]{2,60}) ([A-Z]{2}) USA?$/i.exec(text);
  return city === null ? null : postal().byCity(city[1]!, city[2]!);
};
