/** `['http', 'maxDocumentBytes']` → `FOREWARN_HTTP_MAX_DOCUMENT_BYTES`. */
export const environmentVariable = (path: readonly string[]): string =>
  `FOREWARN_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`)).join('_')}`.toUpperCase();
