import { z } from 'zod';
import { duration, durationMs } from '../domain/duration.ts';
import { instant } from '../domain/schema.ts';
import { refusalReasons } from './refusal-reasons.ts';

const by = z.string().trim().min(1).max(120).optional();
const reason = z
  .string()
  .regex(/^[a-z0-9_]{1,60}$/)
  .default('none');
const note = z.string().max(4_000).default('');

/** Body of approve, acknowledge, resolve and wake: who, and if they like, why. */
export const plainBody = z.strictObject({ by, reason, note });

const codes = refusalReasons.map(({ code }) => code);
const needsNote = new Set(refusalReasons.filter(({ noteNeeded }) => noteNeeded).map(({ code }) => code));
const refusalRule = (body: { reason: string; note: string }): boolean =>
  !needsNote.has(body.reason) || body.note.trim() !== '';
const refusalMend = { path: ['note'], error: `reason ${[...needsNote].join(', ')} needs a note` };

/** A refusal always says why, in a code of the list at `GET /v1/reasons`. */
export const refuseBody = z
  .strictObject({ by, reason: z.enum(codes), note })
  .refine(refusalRule, refusalMend);

/** Exactly one of `until`, a time, and `for`, a span from now on such as `4h`. */
export const snoozeBody = z
  .strictObject({ by, reason, note, until: instant.optional(), for: duration.optional() })
  .refine((body) => (body.until === undefined) !== (body.for === undefined), {
    error: 'exactly one of until and for is needed',
  });

export const assignBody = z.strictObject({
  by,
  reason,
  note,
  /** Null gives it back. */
  assignee: z.string().trim().min(1).max(120).nullable(),
});

export const commentBody = z.strictObject({ by, note: z.string().trim().min(1).max(4_000) });

/** Body of `POST /v1/approvals`. */
export const approvalsBody = z.strictObject({
  by,
  reason,
  note,
  actions: z.array(z.string().min(1).max(200)).min(1).max(1_000),
});

/** Until when a body snoozes: `{for: '4h'}` at 10:00 → 14:00. */
export const snoozedUntil = (body: z.infer<typeof snoozeBody>, now: number): number =>
  body.until ?? now + durationMs(body.for ?? '1h');
