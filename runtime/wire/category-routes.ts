import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { severityScore, word } from '../../domain/schema.ts';
import { families } from '../../domain/taxonomy.ts';
import { problem } from '../../sources/http/problem.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Categories } from './categories.ts';

export interface CategoryRoutesOptions {
  readonly categories: Categories;
  readonly requireScope: (scope: 'approve') => preHandlerAsyncHookHandler;
}

const period = z.strictObject({ from: z.int().min(0).optional(), to: z.int().min(0).optional() });

/** Lower case, digits and `_`, as the categories that ship are written. */
export const categoryName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/);

/** Words of a text, each one word of two letters or more. */
export const textWordList = z.array(z.string().regex(/^\p{L}[\p{L}'-]+$/u)).max(20);

const more = {
  about: z.string().min(1).max(200).exactOptional(),
  list: word.exactOptional(),
  words: textWordList.exactOptional(),
};
const acceptance = period.extend({
  key: z.string().min(1).max(4_000),
  name: categoryName,
  family: z.enum(families),
  severity: severityScore,
  predictable: z.boolean().default(false),
  ...more,
  by: word,
});

/** What may be said of a category that a review proposes. */
export const naming = z.strictObject({
  name: categoryName.exactOptional(),
  family: z.enum(families).exactOptional(),
  severity: severityScore.exactOptional(),
  predictable: z.boolean().exactOptional(),
  ...more,
});

const withdrawal = z.strictObject({
  category: categoryName,
  by: word,
  reason: z.string().min(1).max(4_000).exactOptional(),
});

/** Proposed categories, and to take one into the rules and out again. All write to the audit, so all take the scope `approve`. */
export const categoryRoutes: FastifyPluginAsync<CategoryRoutesOptions> = async (app, options) => {
  const { categories, requireScope } = options;
  const approve = { preHandler: requireScope('approve'), bodyLimit: 16 * 1024 };
  app.setErrorHandler(problem);

  app.post('/v1/categories/propose', approve, (request) => categories.propose(parsed(period, request.body)));
  app.post('/v1/categories/accept', approve, (request) => {
    const { key, from, to, ...said } = parsed(acceptance, request.body);
    return categories.accept(key, said, { from, to });
  });
  app.post('/v1/categories/revert', approve, (request) => {
    const { category, ...change } = parsed(withdrawal, request.body);
    return categories.revert(category, change);
  });
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path.map(String).join('.') ?? '';
  throw new ForewarnError(
    'FW701',
    `the body does not fit: ${at === '' ? '' : `${at}: `}${issue?.message ?? ''}`,
  );
};
