import { cp, mkdir, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { putInPlace, writeDurable } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Frame } from '../log/frame.ts';
import { copyFilesDurable } from './copy-durable.ts';
import { copyLog } from './copy-log.ts';
import type { SavepointFacts } from './savepoint.ts';
import type { SavepointStore } from './store.ts';

export interface RewindOptions {
  /** Data folder that the savepoint is of; nobody else has it. */
  readonly from: string;
  /** Folder to be made. */
  readonly to: string;
  readonly savepoint: SavepointFacts;
  readonly savepoints: SavepointStore;
  /** Name and content of the file that says what the new folder is. */
  readonly marker: { readonly name: string; readonly text: string };
  /** Producers that fill tables from the log: they begin anew. */
  readonly fillsTables: (producer: string) => boolean;
  /** Where each of them begins, given the first offset of each partition that the log still has. */
  readonly beginTables: (begins: ReadonlyMap<string, number>) => readonly Frame[];
  readonly segmentBytes?: number;
}

/** What every folder is made of that begins at a savepoint, wherever its log is. */
export type BegunFolder = Pick<RewindOptions, 'from' | 'to' | 'savepoint' | 'savepoints' | 'marker'>;

/**
 * Makes a data folder that is as the old one would be if its tasks had stopped at the savepoint while the world went
 * on: state and rows of the cut, and all that came from outside since. The old folder stays as it is. A folder that is
 * there was made whole.
 */
export const rewind = async (options: RewindOptions): Promise<{ readonly left: number }> => {
  let left = 0;
  await beginFolder(options, async (making) => {
    const copied = await copyLog({
      from: join(options.from, 'log'),
      to: join(making, 'log'),
      cut: new Map(Object.entries(options.savepoint.cut)),
      leavesOut: options.fillsTables,
      last: options.beginTables,
      ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    });
    left = copied.left;
  });
  return { left };
};

/** FW324 when there is something where the folder is to be made. */
export const refuseFull = (folder: string): void => {
  const to = resolve(folder);
  if (!existsSync(to) || readdirSync(to).length === 0) return;
  throw new ForewarnError(
    'FW324',
    `${to} is not empty; a rewind makes a data folder of its own, give --data a folder that is not there`,
  );
};

/** The data folder without its log, or with what `fill` puts there: whole or not at all. */
export const beginFolder = async (
  options: BegunFolder,
  fill: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> => {
  const { from, savepoint, savepoints, marker } = options;
  const to = resolve(options.to);
  refuseFull(to);
  const making = `${to}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  await fill(making);
  await mkdir(join(making, 'state'));
  await copyFilesDurable(savepoints.stateOf(savepoint.name), join(making, 'state'));
  // The simulated world has come as far as what it sent, and all of that is kept.
  if (existsSync(join(from, 'world')))
    await cp(join(from, 'world'), join(making, 'world'), { recursive: true });
  await writeDurable(join(making, marker.name), marker.text);
  await rm(to, { recursive: true, force: true });
  await putInPlace(making, to);
};
