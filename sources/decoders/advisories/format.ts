import type { Format } from '../format.ts';
import { decodeAdvisories } from './decode-advisories.ts';

/** Service advisories of a carrier as an RSS 2.0 or Atom 1.0 feed; `partners.<source>.scac` says whose they are. */
export const advisories: Format = {
  name: 'advisories',
  mediaTypes: ['application/rss+xml', 'application/atom+xml'],
  extensions: ['rss', 'atom'],
  recognises: ({ root }) => root === 'rss' || root === 'feed',
  decode: decodeAdvisories,
};
