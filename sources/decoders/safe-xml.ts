import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { xmlText } from './xml-text.ts';

/**
 * A value of parsed XML. An element with nothing but text is that text; any other is an object: children by local name
 * (several of one name as an array), attributes as `@name`, text beside them as `#text`. All text stays text.
 */
export type XmlValue = string | XmlElement | readonly XmlValue[];
export interface XmlElement {
  readonly [name: string]: XmlValue | undefined;
}

export interface Xml {
  /** Local name of the root element. */
  readonly root: string;
  readonly value: XmlValue;
  /** Characters of one element of the document, from its first bracket to its last, as UTF-8; of others the whole. */
  readonly bytesOf: (element: XmlValue) => Uint8Array;
}

export interface XmlLimits {
  readonly maxBytes: number;
  /** Elements within elements. */
  readonly maxDepth: number;
}

const defaultLimits: XmlLimits = { maxBytes: 32 << 20, maxDepth: 64 };

/**
 * XML of strangers as a value, or why it is none. A document type declaration is refused wherever it stands, and with it
 * every entity but XML's own five and character references, so that nothing can grow or be fetched while it is read.
 * `<a:x n="1"><b>é</b><b>2</b></a:x>` → root `x`, `{ '@n': '1', b: ['é', '2'] }`.
 */
export const parseXml = (
  bytes: Uint8Array,
  { maxBytes, maxDepth }: XmlLimits = defaultLimits,
): Xml | { readonly broken: string } => {
  if (bytes.length > maxBytes)
    return { broken: `XML of ${bytes.length} bytes; at most ${maxBytes} are read` };
  const text = xmlText(bytes);
  if (text === null)
    return { broken: 'its bytes are not in the character set that its XML declaration names' };
  if (hasDeclaration(text)) return { broken: 'XML with a document type declaration is not read' };
  try {
    const sound = XMLValidator.validate(text);
    if (sound !== true) {
      return { broken: `not XML: ${sound.err.msg} (line ${sound.err.line}, column ${sound.err.col})` };
    }
    const found: Readonly<Record<string, XmlValue>> = parserFor(maxDepth).parse(text);
    const [entry, another] = Object.entries(found);
    if (entry === undefined || another !== undefined || Array.isArray(entry[1])) {
      return { broken: 'not XML: it has not one root element' };
    }
    return { root: entry[0], value: entry[1], bytesOf: (element) => slice(text, element) };
  } catch (cause) {
    return { broken: `not XML: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
};

/** Linear in the text: of all that begins with `<!` only comments and CDATA may stand. An unclosed one is left to the check. */
const hasDeclaration = (text: string): boolean => {
  let at = text.indexOf('<!');
  while (at !== -1) {
    let close: string;
    if (text.startsWith('<!--', at)) close = '-->';
    else if (text.startsWith('<![CDATA[', at)) close = ']]>';
    else return true;
    const end = text.indexOf(close, at + 4);
    if (end === -1) return false;
    at = text.indexOf('<!', end + close.length);
  }
  return false;
};

const parserFor = (maxDepth: number): XMLParser =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    maxNestedTags: maxDepth,
    entityDecoder: {
      setExternalEntities: nothing,
      addInputEntities: nothing,
      reset: nothing,
      setXmlVersion: nothing,
      decode: (text) => text.replace(/&([^;\s&]*);/g, characterOf),
    },
  });

const nothing = (): void => undefined;

const named: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** `amp` → `&`, `#233` → `é`, `#x41` → `A`; throws for every other name. */
const characterOf = (whole: string, name: string): string => {
  const known = named.get(name);
  if (known !== undefined) return known;
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  const point =
    digits === null
      ? Number.NaN
      : Number.parseInt(digits[1] ?? digits[2]!, digits[1] === undefined ? 10 : 16);
  if (!(point > 0 && point <= 0x10_ff_ff)) throw new Error(`entity "${whole}" is none of XML's own`);
  return String.fromCodePoint(point);
};

interface Span {
  readonly startIndex?: number;
  readonly endIndex?: number;
}
const spanKey = XMLParser.getMetaDataSymbol();

const slice = (text: string, element: XmlValue): Uint8Array => {
  const span: unknown =
    typeof element === 'object' ? Reflect.get(element, spanKey as unknown as PropertyKey) : undefined;
  const { startIndex = 0, endIndex } = (span ?? {}) as Span;
  // The parser's end is that bracket or the character behind it.
  return Buffer.from(
    endIndex === undefined ? text : text.slice(startIndex, text.lastIndexOf('>', endIndex) + 1),
  );
};
