import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { proposal, type Proposal } from '../../domain/review/proposals.ts';
import type { Review } from '../../domain/review/review.ts';
import { makeFolder, replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';

export interface ReviewFacts {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

const JSON_FILE = 'review.json';
const HTML_FILE = 'index.html';
const PROPOSALS = 'proposals.json';

/**
 * The reviews of a data folder: `reviews/<id>/` with the figures, the page, and the proposals with what became of them.
 * A review is there once its figures are: they are written last, and each file whole or not at all.
 */
export class ReviewFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async put(review: Review, html: string): Promise<void> {
    const folder = join(this.#path, review.id);
    await makeFolder(folder);
    await this.#putProposals(review.id, await this.#kept(review));
    await replaceFile(join(folder, HTML_FILE), html);
    await replaceFile(join(folder, JSON_FILE), `${JSON.stringify(review, null, 2)}\n`);
  }

  /** The latest first. */
  async list(): Promise<readonly ReviewFacts[]> {
    const found: ReviewFacts[] = [];
    for (const id of await readdir(this.#path).catch(() => [])) {
      const text = await readFile(join(this.#path, id, JSON_FILE), 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const { from, to } = JSON.parse(text) as Review;
      found.push({ id, from, to });
    }
    return found.toSorted((a, b) => b.to - a.to || b.from - a.from);
  }

  async figures(id: string): Promise<Review> {
    return JSON.parse(await this.#read(id, JSON_FILE)) as Review;
  }

  html(id: string): Promise<string> {
    return this.#read(id, HTML_FILE);
  }

  /** Of all reviews, the latest first. */
  async proposals(): Promise<readonly Proposal[]> {
    const all: Proposal[] = [];
    for (const { id } of await this.list()) all.push(...(await this.#proposalsOf(id)));
    return all;
  }

  /** By its id, or the first characters of it. FW506 where it is not one. */
  async proposal(id: string): Promise<Proposal> {
    const found = (await this.proposals()).filter((one) => one.id.startsWith(id));
    const [only] = found;
    if (id !== '' && only !== undefined && found.length === 1) return only;
    const what = found.length > 1 ? `is the beginning of ${found.length} ids` : 'is not there';
    throw new ForewarnError(
      'FW506',
      `proposal "${id}" ${what}; forewarn proposals list shows those that are`,
    );
  }

  /** Puts a proposal beside those of its review, unless it is there. */
  async add(one: Proposal): Promise<void> {
    const all = await this.#proposalsOf(one.review);
    if (all.some(({ id }) => id === one.id)) return;
    await this.#putProposals(one.review, [...all, one]);
  }

  async keep(changed: Proposal): Promise<void> {
    const all = await this.#proposalsOf(changed.review);
    await this.#putProposals(
      changed.review,
      all.map((one) => (one.id === changed.id ? changed : one)),
    );
  }

  /** A review that is made again keeps what became of its proposals. */
  async #kept(review: Review): Promise<readonly Proposal[]> {
    const before = await this.#proposalsOf(review.id);
    const used = before.filter(({ state }) => state !== 'proposed');
    const known = new Set(used.map(({ id }) => id));
    const found = [...review.proposals, ...review.newCategories];
    return [...used, ...found.filter(({ id }) => !known.has(id))];
  }

  async #proposalsOf(review: string): Promise<readonly Proposal[]> {
    const text = await readFile(join(this.#path, review, PROPOSALS), 'utf8').catch(() => '[]');
    return z.array(proposal).parse(JSON.parse(text));
  }

  async #putProposals(review: string, all: readonly Proposal[]): Promise<void> {
    await replaceFile(join(this.#path, review, PROPOSALS), `${JSON.stringify(all, null, 2)}\n`);
  }

  async #read(id: string, file: string): Promise<string> {
    // An id comes from an address: only what a review can be called is looked for.
    const text = /^[\dTZ-]+_[\dTZ-]+$/.test(id)
      ? await readFile(join(this.#path, id, file), 'utf8').catch(() => undefined)
      : undefined;
    if (text !== undefined) return text;
    throw new ForewarnError('FW506', `review "${id}" is not there; /v1/reviews lists those that are`);
  }
}
