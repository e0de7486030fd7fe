import type { DecisionBody, Problem } from './contract.ts';
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

export const decide = async (path: string, body: DecisionBody): Promise<void> => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { ...headers(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  if (response.status === 401 || response.status === 403) throw new KeyWanted('This needs another key.');
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  throw new Error(problem.error ?? `The server said ${response.status}.`);
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
