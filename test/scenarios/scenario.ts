import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { id, instant } from '../../domain/schema.ts';
import { verdicts } from '../../domain/decision.ts';
import { packageRoot } from '../../runtime/package-root.ts';

export const scenariosFolder = join(packageRoot, 'test', 'scenarios');

/** An exception or a step of its playbook by what people call it; `leg` is that of hazards, `episode` the how many-th. */
const named = z.strictObject({
  shipmentId: id,
  category: z.string(),
  leg: z.int().nullable().default(null),
  episode: z.int().default(0),
  playbook: z.string().optional(),
  step: z.string().optional(),
});
export type Named = z.infer<typeof named>;

/** What comes from people and from the outbox, not from a feed. */
const word = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('decision'),
    heardAt: instant,
    of: named,
    verdict: z.enum(verdicts),
    by: z.string(),
    roles: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('result'),
    heardAt: instant,
    of: named,
    result: z.enum(['sent', 'confirmed', 'uncertain', 'failed', 'expired', 'suppressed']),
  }),
]);
export type Word = z.infer<typeof word>;

/** A canonical record as a feed sends it. `at` is when it was heard, where the line says nothing else. */
const feedRecord = z.looseObject({ type: z.string(), heardAt: instant, feed: z.string().optional() });
export type FeedRecord = z.infer<typeof feedRecord>;

export type Line = { readonly heardAt: number } & (
  | { readonly kind: 'record'; readonly record: FeedRecord }
  | { readonly kind: 'word'; readonly word: Word }
);

/** What people write into `expected.json`; the rest of it is what came out. */
export const meaning = z.object({
  /** What the case shows. */
  why: z.string().min(40),
  /** The case beside it for which the playbook does not act, and why. */
  neighbour: z.string().min(40),
  /** Of what was decided up to here. */
  until: z.iso.datetime(),
});
export type Meaning = z.infer<typeof meaning>;

export interface Scenario {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly meaning: Meaning;
  /** The whole of `expected.json`. */
  readonly expected: unknown;
}

export const scenarioNames: readonly string[] = readdirSync(scenariosFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const lineOf = (text: string): Line => {
  const value: unknown = JSON.parse(text);
  const record = feedRecord.parse(value);
  const { heardAt, type } = record;
  return type === 'decision' || type === 'result'
    ? { heardAt, kind: 'word', word: word.parse(value) }
    : { heardAt, kind: 'record', record };
};

export const readScenario = (name: string): Scenario => {
  const text = (file: string): string => readFileSync(join(scenariosFolder, name, file), 'utf8');
  const expected: unknown = JSON.parse(text('expected.json'));
  const lines = text('in.ndjson').trim().split('\n').map(lineOf);
  return { name, lines, meaning: meaning.parse(expected), expected };
};
