import type { z } from 'zod';

/** The first broken rule with its path and the value found there: `at: Invalid input (found "soon")`. */
export const firstIssue = (error: z.ZodError, value: unknown): string => {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not fit its schema';
  const found = valueAt(value, issue.path);
  const shown =
    found === undefined || typeof found === 'object' ? '' : ` (found ${JSON.stringify(found)?.slice(0, 80)})`;
  return `${issue.path.map(String).join('.') || 'record'}: ${issue.message}${shown}`;
};

const valueAt = (content: unknown, path: readonly PropertyKey[]): unknown => {
  let value = content;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
};
