import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { putInPlace, syncFolder, writeDurable } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { savepointFacts, savepointName, type SavepointFacts } from './savepoint.ts';

/**
 * The savepoints of a data folder: `savepoints/<name>/` with `savepoint.json` and the state of every task. One is
 * there whole or not at all.
 */
export class SavepointStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** By name. */
  async list(): Promise<readonly SavepointFacts[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return Promise.all(
      names
        .filter((name) => savepointName.test(name) && !name.endsWith(MAKING))
        .sort()
        .map((name) => this.load(name)),
    );
  }

  /** FW320 when there is none of this name. */
  async load(name: string): Promise<SavepointFacts> {
    // A name comes from outside, and is no path.
    const text = savepointName.test(name) ? await readIfThere(join(this.#folder, name, FACTS)) : undefined;
    if (text === undefined) {
      const known = (await this.#names()).join(', ');
      throw new ForewarnError(
        'FW320',
        `savepoint "${name}" is not in ${this.#folder}; ${known === '' ? 'make it with forewarn savepoint create' : `there are ${known}`}`,
      );
    }
    try {
      return savepointFacts.parse(JSON.parse(text));
    } catch (cause) {
      throw new ForewarnError(
        'FW322',
        `savepoint "${name}": ${FACTS} is not one that this version reads; use the version that made it, or delete the folder`,
        { cause },
      );
    }
  }

  /** Where the state of its tasks lies, as a data folder keeps it. */
  stateOf(name: string): string {
    return join(this.#folder, name, STATE);
  }

  /** FW321 when the name is taken. `fill` copies the state of the tasks to a folder and answers what is to be known of it. */
  async create(
    name: string,
    fill: (stateFolder: string) => Promise<SavepointFacts>,
  ): Promise<SavepointFacts> {
    if (!savepointName.test(name) || name.endsWith(MAKING)) {
      throw new ForewarnError(
        'FW321',
        `savepoint "${name}": a name is 1 to 63 of a-z, 0-9, ".", "_" and "-", such as before-upgrade`,
      );
    }
    if ((await this.#names()).includes(name))
      throw new ForewarnError(
        'FW321',
        `savepoint "${name}" is there already; delete it or choose another name`,
      );
    const making = join(this.#folder, `${name}${MAKING}`);
    await rm(making, { recursive: true, force: true });
    await mkdir(join(making, STATE), { recursive: true });
    try {
      const facts = await fill(join(making, STATE));
      await writeDurable(join(making, FACTS), `${JSON.stringify(facts, null, 2)}\n`);
      await syncFolder(making);
      await putInPlace(making, join(this.#folder, name));
      return facts;
    } catch (error) {
      await rm(making, { recursive: true, force: true });
      throw error;
    }
  }

  async delete(name: string): Promise<void> {
    await this.load(name);
    await rm(join(this.#folder, name), { recursive: true });
    await syncFolder(this.#folder);
  }

  async #names(): Promise<readonly string[]> {
    return (await readdir(this.#folder).catch(() => [])).filter((name) => !name.endsWith(MAKING)).sort();
  }
}

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const FACTS = 'savepoint.json';
const STATE = 'state';
const MAKING = '.making';
