import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const position = z.record(
  z.string(),
  z.object({ digest: z.string(), documents: z.int().min(0), rows: z.int().min(0), isDone: z.boolean() }),
);
export type ImportPosition = z.infer<typeof position>;

/** How far each file has come; nothing where the file of positions is not there, or is no such file. */
export const readPosition = (path: string): ImportPosition => {
  try {
    return position.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Documents that are sent again are known by their ids.
    return {};
  }
};

/** Whole or not at all. */
export const writePosition = (path: string, content: ImportPosition): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, JSON.stringify(content));
  renameSync(`${path}.tmp`, path);
};
