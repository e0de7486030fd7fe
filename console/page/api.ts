import type { BulkAnswer, DecisionBody, Problem } from './contract.ts';
import { sseParser, type StreamEvent } from './sse-parser.ts';

/** The key lives as long as the tab: it is worth an approval. */
const keyName = 'forewarn-api-key';

export const setApiKey = (key: string): void => sessionStorage.setItem(keyName, key);

const headers = (): Record<string, string> => {
  const key = sessionStorage.getItem(keyName);
  return key === null ? {} : { authorization: `Bearer ${key}` };
};

/** Thrown when the server wants a key, or one with another scope. */
export class KeyWanted extends Error {}

const problemIn = async (response: Response): Promise<Error> => {
  if (response.status === 401) return new KeyWanted('This needs another key.');
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return problem.code === 'FW704'
    ? new KeyWanted('This needs another key.')
    : new Error(problem.error ?? `The server said ${response.status}.`);
};

const send = async (path: string, body: DecisionBody): Promise<Response> =>
  fetch(path, {
    method: 'POST',
    headers: { ...headers(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

export const decide = async (path: string, body: DecisionBody): Promise<void> => {
  const response = await send(path, body);
  if (!response.ok) throw await problemIn(response);
};

/** What was taken and what was not; where nothing could be, that is no failure of the request. */
export const decideAll = async (path: string, body: DecisionBody): Promise<BulkAnswer> => {
  const response = await send(path, body);
  if (response.ok) return (await response.json()) as BulkAnswer;
  const answer = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Partial<BulkAnswer>;
  if (answer.refused === undefined) throw await problemIn(response);
  return { taken: 0, decisions: [], refused: answer.refused, error: answer.error ?? '' };
};

export const readJson = async <T>(path: string): Promise<T> => {
  const response = await fetch(path, { headers: headers(), cache: 'no-store' });
  if (!response.ok) throw await problemIn(response);
  return (await response.json()) as T;
};

/** Events until the connection ends. `fetch`, because `EventSource` cannot carry a key. */
export const readStream = async (take: (event: StreamEvent) => void): Promise<void> => {
  const response = await fetch('/v1/stream', { headers: headers(), cache: 'no-store' });
  if (response.status === 401 || response.status === 403) throw new KeyWanted('This page needs a key.');
  if (!response.ok || response.body === null) throw new Error(`The server said ${response.status}.`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = sseParser(take);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parse(value);
  }
};
