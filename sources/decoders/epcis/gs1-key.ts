import type { Identifier } from '../../../domain/event.ts';
import { isContainerNumber } from '../container-number.ts';

/**
 * GS1 keys as EPCIS writes them: as an EPC URN (`urn:epc:id:sscc:0614141.1234567890`: company prefix, then the rest with the
 * extension digit first, without check digit) or as a GS1 Digital Link of any host (`https://id.gs1.org/00/106141412345678908`:
 * application identifier, then the key as a bar code has it). Both become the digits of the bar code, so that they are one name.
 * Source: GS1 EPC Tag Data Standard 2.0, GS1 Digital Link 1.4.
 */
export const identifierOfKey = (uri: string): Identifier | null => {
  const key = urnKey(uri) ?? linkKey(uri);
  if (key === null) return null;
  const kind = kinds[key.type];
  return kind === undefined ? null : { issuer: 'GS1', kind, value: key.value.slice(0, 80) };
};

/** What names a shipment or what carries it. Trade items (SGTIN), places and papers do not. */
const kinds: Readonly<Record<string, Identifier['kind']>> = {
  sscc: 'tracking',
  gsin: 'bol',
  ginc: 'house_bill',
  grai: 'equipment',
  giai: 'equipment',
  bic: 'container',
};

interface Key {
  readonly type: string;
  readonly value: string;
}

const urnKey = (uri: string): Key | null => {
  const match = /^urn:epc:id:([a-z]+):(.+)$/i.exec(uri);
  if (match === null) return null;
  const type = match[1]!.toLowerCase();
  const [prefix = '', rest = '', serial = ''] = match[2]!.split('.');
  switch (type) {
    case 'sscc':
    case 'gsin': {
      const digits = type === 'sscc' ? rest.slice(0, 1) + prefix + rest.slice(1) : prefix + rest;
      return /^\d+$/.test(digits) ? { type, value: digits + checkDigit(digits) } : null;
    }
    case 'grai': {
      const digits = `0${prefix}${rest}`;
      return /^\d+$/.test(digits) ? { type, value: digits + checkDigit(digits) + serial } : null;
    }
    case 'giai':
    case 'ginc':
      return { type, value: prefix + rest };
    case 'bic':
      return isContainerNumber(match[2]!.toUpperCase()) ? { type, value: match[2]!.toUpperCase() } : null;
    default:
      return { type, value: match[2]! };
  }
};

const applicationIdentifiers: Readonly<Record<string, string>> = {
  '00': 'sscc',
  '402': 'gsin',
  '401': 'ginc',
  '8003': 'grai',
  '8004': 'giai',
};

const linkKey = (uri: string): Key | null => {
  const match = /^https?:\/\/[^/]+\/(?:.*\/)?(00|401|402|8003|8004)\/([^/?#]+)/.exec(uri);
  const type = applicationIdentifiers[match?.[1] ?? ''];
  return match === null || type === undefined ? null : { type, value: decoded(match[2]!) };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** GS1 General Specifications 7.9: weights 3 and 1 from the right. `10614141234567890` → 8. */
const checkDigit = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
};

/** Global location number of a place, as a bar code has it; null for a place that is named otherwise. */
export const placeKey = (uri: string): string | null => {
  const urn = /^urn:epc:id:sgln:(\d+)\.(\d*)\.(.+)$/i.exec(uri);
  if (urn !== null) {
    const digits = urn[1]! + urn[2]!;
    const extension = urn[3] === '0' ? '' : `.${urn[3]}`;
    return `${digits}${checkDigit(digits)}${extension}`;
  }
  const link = /^https?:\/\/[^/]+\/(?:.*\/)?414\/(\d{13})(?:\/254\/([^/?#]+))?/.exec(uri);
  return link === null ? null : `${link[1]}${link[2] === undefined ? '' : `.${link[2]}`}`;
};
