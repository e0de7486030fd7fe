import type { Xml, XmlElement, XmlValue } from '../safe-xml.ts';

/** One entry of a feed, as much of it as is used; absent fields are ''. */
export interface FeedEntry {
  readonly id: string;
  readonly title: string;
  /** As it is written: RFC 822 in RSS, RFC 3339 in Atom. */
  readonly date: string;
  readonly terms: readonly string[];
  readonly element: XmlValue;
}

const listOf = (value: XmlValue | undefined): readonly XmlValue[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly XmlValue[]) : [value];

const isElement = (value: XmlValue | undefined): value is XmlElement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: XmlValue | undefined): string => {
  const [first] = listOf(value);
  if (typeof first === 'string') return first.trim();
  return isElement(first) ? textOf(first['#text']) : '';
};

/** RSS 2.0 writes a category as text, Atom as an attribute. */
const termOf = (category: XmlValue): string =>
  isElement(category) && typeof category['@term'] === 'string' ? category['@term'] : textOf(category);

/** Entries of an RSS 2.0 channel or an Atom feed, in their order; null where the document is neither. */
export const entriesOf = ({ root, value }: Xml): readonly FeedEntry[] | null => {
  if (!isElement(value)) return null;
  const holder = root === 'rss' ? value['channel'] : value;
  if (!isElement(holder)) return null;
  return listOf(holder[root === 'rss' ? 'item' : 'entry']).map((element) => {
    const entry = isElement(element) ? element : {};
    return {
      id: textOf(entry['guid'] ?? entry['id']) || textOf(entry['link']),
      title: textOf(entry['title']),
      date: textOf(entry['updated'] ?? entry['pubDate'] ?? entry['published'] ?? entry['date']),
      terms: listOf(entry['category'])
        .map(termOf)
        .filter((term) => term !== ''),
      element,
    };
  });
};
