import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import type { X12Partner } from './partner.ts';

const delimitersOf = ({ delimiters, version }: X12Partner): readonly string[] => {
  const { element, segment, component, repetition } = delimiters;
  return version === '004010' ? [element, segment, component] : [element, segment, component, repetition];
};

/** A value that says who or which: it goes out as it is, or not at all (FW716), for changed it would be somebody else's. */
export const exactly = (partner: X12Partner, what: string, value: string, maxLength: number): string => {
  const fail = (why: string): never => {
    throw new ForewarnError('FW716', `214 to ${partner.receiver.id}: ${what} "${value}" ${why}`);
  };
  if (value === '') fail('is empty');
  if (value.length > maxLength)
    fail(`is longer than ${maxLength} characters, which X12 ${partner.version} allows`);
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) fail('has characters that X12 does not carry');
  const found = delimitersOf(partner).find((delimiter) => value.includes(delimiter));
  if (found !== undefined)
    fail(`holds "${found}", which cuts this partner's messages; give it other delimiters`);
  return value;
};

/** A value for people, such as a city: accents are dropped and what cannot be carried becomes a blank. */
export const cleaned = (partner: X12Partner, value: string, maxLength: number): string => {
  const cuts = delimitersOf(partner);
  const plain = value.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const carried = Array.from(plain, (character) =>
    /^[\x20-\x7e]$/.test(character) && !cuts.includes(character) ? character : ' ',
  );
  return carried.join('').replaceAll(/ +/g, ' ').trim().slice(0, maxLength).trim();
};
