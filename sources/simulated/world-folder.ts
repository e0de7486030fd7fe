import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

const settings = z.object({
  format: z.literal(1),
  seed: z.number(),
  startAt: z.number(),
  shipmentsPerDay: z.number(),
  /** Shared with whoever sends actions. */
  receiverSecret: z.string(),
});
export type WorldSettings = z.infer<typeof settings>;

const position = z.object({ sentUntil: z.number() });

/** Settings of the world that lives in a folder; null where none does yet. */
export const readWorldSettings = (folder: string): WorldSettings | null => {
  const path = join(folder, 'world.json');
  const text = readIfThere(path);
  if (text === null) return null;
  const read = settings.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new ForewarnError(
    'FW105',
    `${path}: this is no simulated world that we know; choose an empty folder`,
  );
};

/** Settles a world in its folder. One that lives there already must be the same one. */
export const settleWorld = (
  folder: string,
  wanted: Pick<WorldSettings, 'seed' | 'startAt' | 'shipmentsPerDay'>,
  receiverSecret: string | undefined,
): WorldSettings => {
  mkdirSync(folder, { recursive: true });
  const known = readWorldSettings(folder);
  if (known === null) {
    const secret = receiverSecret ?? `whsec_${randomBytes(24).toString('base64')}`;
    const { seed, startAt, shipmentsPerDay } = wanted;
    const made: WorldSettings = { format: 1, seed, startAt, shipmentsPerDay, receiverSecret: secret };
    replaceFile(join(folder, 'world.json'), made);
    return made;
  }
  for (const key of ['seed', 'startAt', 'shipmentsPerDay'] as const) {
    if (known[key] !== wanted[key]) {
      throw new ForewarnError(
        'FW101',
        `simulated world in ${folder}: ${key} is ${known[key]} there and ${wanted[key]} here; ` +
          'use its own value or an empty folder',
      );
    }
  }
  return receiverSecret === undefined ? known : { ...known, receiverSecret };
};

/** Simulated time up to which every document has been taken by the ingest; null before the first. */
export const readSentUntil = (folder: string): number | null => {
  const text = readIfThere(join(folder, 'position.json'));
  const read = position.safeParse(text === null ? null : parsed(text));
  return read.success ? read.data.sentUntil : null;
};

/** May be behind the truth after a crash: what is sent again is known by its id. */
export const writeSentUntil = (folder: string, sentUntil: number): void => {
  replaceFile(join(folder, 'position.json'), { sentUntil });
};

const replaceFile = (path: string, content: object): void => {
  writeFileSync(`${path}.tmp`, `${JSON.stringify(content)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
};

const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
