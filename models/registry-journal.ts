import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  afterDecision,
  type Aliases,
  type ModelDecision,
  modelDecision,
  noAliases,
} from '../domain/model-decision.ts';
import { syncFolder } from '../runtime/durable-file.ts';

const FILE = 'decisions.ndjson';

/**
 * The decisions about one model, one a line, never changed: `<folder>/<model>/decisions.ndjson`. A line counts once its
 * end is there, so a crash leaves a decision whole or absent, and with it everything that follows from it.
 */
export const readDecisions = async (folder: string, model: string): Promise<readonly ModelDecision[]> => {
  const text = await readFile(join(folder, model, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // What follows the last end of line was never acknowledged.
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      const decision = parsed(line);
      return decision === null ? [] : [decision];
    });
};

/** On the disk when this resolves. */
export const appendDecision = async (folder: string, decision: ModelDecision): Promise<void> => {
  const path = join(folder, decision.model, FILE);
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // Half a line of somebody who died stays alone on its line, where it is passed over.
    const torn = size > 0 && last[0] !== NEWLINE;
    await file.write(`${torn ? '\n' : ''}${JSON.stringify(decision)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(join(folder, decision.model));
};

const NEWLINE = 0x0a;

export const aliasesAfter = (decisions: readonly ModelDecision[]): Aliases =>
  decisions.reduce<Aliases>(afterDecision, noAliases);

/** Null for a line that was torn off. */
const parsed = (line: string): ModelDecision | null => {
  try {
    return modelDecision.parse(JSON.parse(line));
  } catch {
    return null;
  }
};
