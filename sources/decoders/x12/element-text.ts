import { isPlain } from '../edi-text.ts';

/** A value without outer blanks. The file was read as Latin-1; what is UTF-8 after all is read again. */
export const textOf = (raw: string): string => {
  if (isPlain(raw)) return raw;
  const trimmed = raw.trim();
  if (!/[\u0080-\u00FF]/.test(trimmed)) return trimmed;
  const utf8 = Buffer.from(trimmed, 'latin1').toString('utf8');
  return utf8.includes('\uFFFD') ? trimmed : utf8;
};
