import { isPlain } from '../edi-text.ts';

/** Character set by syntax identifier (0001); A, B and C are read as Latin-1, or as UTF-8 where that is what the bytes are. */
const labels: Readonly<Record<string, string>> = {
  UNOD: 'iso-8859-2',
  UNOE: 'iso-8859-5',
  UNOF: 'iso-8859-7',
  UNOG: 'iso-8859-3',
  UNOH: 'iso-8859-4',
  UNOI: 'iso-8859-6',
  UNOJ: 'iso-8859-8',
};

/** Turns what was read a byte a character into text. */
export type TextReader = (raw: string) => string;

/** `UNOC` and `M\xFCnchen` → München; `UNOY` and `M\xC3\xBCnchen` → München; a wrong label does no harm where UTF-8 is valid. */
export const textReader = (syntax: string): TextReader => {
  const label = labels[syntax.toUpperCase()];
  const decoder = label === undefined ? null : new TextDecoder(label);
  return (raw) => {
    if (isPlain(raw)) return raw;
    const trimmed = raw.trim();
    if (!/[\u0080-\u00FF]/.test(trimmed)) return trimmed;
    const bytes = Buffer.from(trimmed, 'latin1');
    if (decoder !== null) return decoder.decode(bytes).trim();
    const utf8 = bytes.toString('utf8');
    return utf8.includes('\uFFFD') ? trimmed : utf8;
  };
};
