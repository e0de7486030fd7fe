import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { SendOutcome } from '../channel.ts';
import type { FieldPath } from './field-path.ts';
import { failureOf, readFailureOf, type Answer, type HttpClient } from './http-client.ts';
import { spotOf, withValue } from './json-text.ts';

export interface Change {
  readonly path: FieldPath;
  /** As JSON. */
  readonly value: string;
}

export interface ReadModifyWrite {
  readonly client: HttpClient;
  readonly method: string;
  readonly get: string;
  readonly put: string;
  readonly revision: FieldPath | undefined;
  readonly changes: readonly Change[];
  readonly headers: Readonly<Record<string, string>>;
  /** What the fields held when this action first read them; undefined where that is not known. */
  readonly before: readonly (string | null)[] | undefined;
  /** Called once, with what they held, before anything is written. */
  readonly onRead: (before: readonly (string | null)[]) => void;
  /** False when no earlier attempt at this action can have written. */
  readonly mayHaveWritten: boolean;
  /** How often it reads again within this attempt when somebody else was quicker. */
  readonly tries: number;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** A value in one form, so that `1.0` and `1` are the same; null for a key that is not there. */
const plain = (json: string): string => JSON.stringify(JSON.parse(json));

const conflict = (message: string): SendOutcome => ({
  kind: 'refused',
  error: new ForewarnError('FW715', message).message,
});

const impossible = (message: string): SendOutcome => ({
  kind: 'refused',
  error: new ForewarnError('FW716', message).message,
});

const heldAt = (text: string, path: FieldPath): string | null | undefined => {
  const spot = spotOf(text, path);
  if (spot === undefined) return undefined;
  return spot.kind === 'gap' ? null : plain(text.slice(spot.start, spot.end));
};

/** Strong validators only: a weak one never matches If-Match (RFC 9110 §13.1.1). */
const strongTagOf = ({ headers }: Answer): string | undefined =>
  headers.etag?.startsWith('"') === true ? headers.etag : undefined;

const textOf = ({ body }: Answer): string | undefined => {
  const text = body?.toString('utf8');
  try {
    JSON.parse(text ?? '');
    return text;
  } catch {
    return undefined;
  }
};

/**
 * Reads an object, sets some of its fields in its own text, and writes it back whole: what we do not set keeps its
 * value, its place and its spelling. The write carries the object's ETag; without one the object is read once more just
 * before, and only written while its revision is the same. When somebody else was quicker it begins again with their
 * object. A field of ours that they have changed is theirs: refused as FW715.
 *
 *   due A, we set B: read A → write refused, 412 → read A, another field differs → written with both changes
 *                    read A → write refused, 412 → read C → FW715, C stays
 *                    read A → answer lost → read B → it was ours, sent
 */
export const readModifyWrite = async (task: ReadModifyWrite): Promise<SendOutcome> => {
  const { client, get, put, changes, headers, signal, nowMs } = task;
  const wanted = changes.map(({ value }) => plain(value));
  let { before } = task;
  let last: SendOutcome = { kind: 'retry', error: 'others change it all the time' };

  const read = async (): Promise<{ answer: Answer; text: string } | SendOutcome> => {
    const answer = await client.ask(
      { method: 'GET', path: get, headers: { accept: 'application/json' } },
      signal,
    );
    if (answer.kind !== 'answer' || answer.status !== 200) return readFailureOf(answer, nowMs());
    const text = textOf(answer);
    return text === undefined
      ? { kind: 'retry', httpStatus: 200, error: `GET ${get} gave no JSON` }
      : { answer, text };
  };

  for (let turn = 0; turn < task.tries; turn++) {
    const found = await read();
    if ('kind' in found) return found;
    const { answer } = found;
    let { text } = found;
    const held: (string | null)[] = [];
    for (const { path } of changes) {
      const value = heldAt(text, path);
      if (value === undefined)
        return impossible(`${get} has no ${path.text}; mend the path in the mapping file`);
      held.push(value);
    }
    if (held.every((value, index) => value === wanted[index]))
      return { kind: 'sent', httpStatus: answer.status };
    if (before === undefined) {
      if (task.mayHaveWritten)
        return conflict(
          `${get}: an attempt before a restart may have written, and what the fields held before it is not known; look at them and decide again`,
        );
      before = held;
      task.onRead(held);
    }
    for (const [index, { path }] of changes.entries()) {
      const [was, now] = [before[index], held[index]];
      if (now === was || now === wanted[index]) continue;
      return conflict(
        `${path.text} of ${get} was ${was ?? 'not there'} when it was read and is ${now ?? 'not there'} now; a person has changed it, decide again`,
      );
    }
    const tag = strongTagOf(answer);
    if (tag === undefined) {
      const again = await read();
      if ('kind' in again) return again;
      const revisionOf = (whole: string): string | null | undefined =>
        task.revision === undefined ? whole : heldAt(whole, task.revision);
      if (revisionOf(again.text) !== revisionOf(text)) continue;
    }
    for (const { path, value } of changes) {
      const spot = spotOf(text, path);
      if (spot === undefined)
        return impossible(`${get} has no ${path.text} beside what else is set; set one of them`);
      text = withValue(text, spot, value);
    }
    const written = await client.ask(
      {
        method: task.method,
        path: put,
        headers: {
          ...headers,
          'content-type': 'application/json',
          ...(tag === undefined ? {} : { 'if-match': tag }),
        },
        body: text,
      },
      signal,
    );
    if (written.kind === 'answer') {
      if (written.status >= 200 && written.status < 300) return { kind: 'sent', httpStatus: written.status };
      const isBeaten = written.status === 409 || written.status === 412;
      last = failureOf(written, nowMs());
      if (isBeaten) {
        last = { ...last, kind: 'retry' };
        continue;
      }
      // It may have been written before it failed; the next attempt reads and sees.
      return written.status >= 500 && written.status !== 503 ? { ...last, kind: 'unknown' } : last;
    }
    return failureOf(written, nowMs());
  }
  return last;
};
