import { readFileSync } from 'node:fs';

/**
 * Lines that a query takes in a source file: those between `// <q5>` and `// </q5>` that are neither empty nor comment
 * alone. Null where the file, or the query in it, is not there.
 */
export const definitionLines = (file: string, query: string): number | null => {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const lines = source.split('\n').map((line) => line.trim());
  const from = lines.indexOf(`// <${query}>`);
  const to = lines.indexOf(`// </${query}>`);
  if (from < 0 || to < from) return null;
  return lines.slice(from + 1, to).filter((line) => line !== '' && !/^(\/\/|\/?\*)/.test(line)).length;
};
