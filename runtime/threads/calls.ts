import type { MessagePort } from 'node:worker_threads';
import { passError, type PassedError, takeError } from './passed-error.ts';

/** What one thread does for another, by name. Arguments and answers cross as copies. */
export type Methods<M> = { readonly [N in keyof M]: (...args: never[]) => unknown };

type Message =
  | { readonly name: string; readonly args: readonly unknown[]; readonly id: number | null }
  | { readonly answers: number; readonly value: unknown }
  | { readonly answers: number; readonly error: PassedError };

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Answer<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;

export interface Calls<Remote> {
  /** Resolves with the answer; rejects with the error as it was thrown there, or with what ended the calls. */
  ask<N extends keyof Remote & string>(name: N, ...args: Arguments<Remote[N]>): Promise<Answer<Remote[N]>>;
  /** Without waiting for an answer. */
  tell<N extends keyof Remote & string>(name: N, ...args: Arguments<Remote[N]>): void;
  /** Nothing is answered any more: who waits, or asks from now on, gets this error. */
  end(error: Error): void;
}

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Calls over a port, both ways. What is called is done in the order of calling; answers come when they are there. */
export const callsOver = <Remote>(port: MessagePort, methods: Methods<object>): Calls<Remote> => {
  const asked = new Map<number, Asked>();
  const known = new Map(Object.entries(methods) as [string, (...args: readonly unknown[]) => unknown][]);
  let ended: Error | undefined;
  let ids = 0;
  const post = (message: Message): void => port.postMessage(message);
  const serve = async (name: string, args: readonly unknown[], id: number | null): Promise<void> => {
    try {
      const value = await known.get(name)!(...args);
      if (id !== null) post({ answers: id, value });
    } catch (error) {
      if (id === null) throw error;
      post({ answers: id, error: passError(error) });
    }
  };
  port.on('message', (message: Message) => {
    if ('name' in message) {
      void serve(message.name, message.args, message.id);
      return;
    }
    const waiting = asked.get(message.answers);
    asked.delete(message.answers);
    if ('error' in message) waiting?.reject(takeError(message.error));
    else waiting?.resolve(message.value as never);
  });
  return {
    ask: (name, ...args) => {
      if (ended !== undefined) return Promise.reject(ended);
      const id = (ids += 1);
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject });
        post({ name, args, id });
      });
    },
    tell: (name, ...args) => {
      if (ended === undefined) post({ name, args, id: null });
    },
    end: (error) => {
      ended ??= error;
      for (const { reject } of asked.values()) reject(ended);
      asked.clear();
      port.close();
    },
  };
};
