import type { Sight } from '../format.ts';

/** Local name of the root element, or of what a SOAP envelope carries, as far as the head of the document shows it. */
export const replyRoot = ({ root, head }: Sight): string | null => {
  if (root !== 'Envelope') return root;
  return /<(?:[\w.-]+:)?Body(?:\s[^>]*)?>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(head)?.[1] ?? null;
};
