import { merge, Observable, share, Subject, type OperatorFunction } from 'rxjs';
import type { Control, Item, Rows } from './item.ts';

/** What an operator does with what comes in. */
export interface Handler<A> {
  rows(rows: Rows<A>): void;
  control(item: Control): void;
}

/**
 * Makes an operator of a handler. It owns errors and teardown for all of them, because RxJS 7 does not catch a throw
 * inside a hand-written operator's `next`. All that touches RxJS in the engine is in this file.
 */
export const operate =
  <A, B>(make: (out: (item: Item<B>) => void) => Handler<A>): OperatorFunction<Item<A>, Item<B>> =>
  (source) =>
    new Observable<Item<B>>((subscriber) => {
      const handler = make((item) => subscriber.next(item));
      return source.subscribe({
        next: (item) => {
          try {
            if (item.kind === 'rows') handler.rows(item);
            else handler.control(item);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });

/**
 * The same for operators with several inputs. Control items come on every input, one after the other with no rows
 * between; the handler sees each once, when the last input has brought it.
 */
export const operateAll = <A, B>(
  inputs: readonly Observable<Item<A>>[],
  make: (out: (item: Item<B>) => void) => {
    rows(input: number, rows: Rows<A>): void;
    control(item: Control): void;
  },
): Observable<Item<B>> => {
  const tagged = inputs.map((input, port) =>
    input.pipe(
      (source) =>
        new Observable<{ port: number; item: Item<A> }>((subscriber) =>
          source.subscribe({
            next: (item) => subscriber.next({ port, item }),
            error: (error: unknown) => subscriber.error(error),
            complete: () => subscriber.complete(),
          }),
        ),
    ),
  );
  return new Observable<Item<B>>((subscriber) => {
    const handler = make((item) => subscriber.next(item));
    let arrived = 0;
    return merge(...tagged).subscribe({
      next: ({ port, item }) => {
        try {
          if (item.kind === 'rows') handler.rows(port, item);
          else if (++arrived === inputs.length) {
            arrived = 0;
            handler.control(item);
          }
        } catch (error) {
          subscriber.error(error);
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
};

/** Where a task puts items in, and the flow that they come out of. */
export interface Inlet<T> {
  readonly flow: Observable<Item<T>>;
  next(item: Item<T>): void;
}

export const inlet = <T>(): Inlet<T> => {
  const subject = new Subject<Item<T>>();
  return { flow: subject, next: (item) => subject.next(item) };
};

/** One flow for several readers; each gets every item, in the order in which they were wired. */
export const shared = <T>(flow: Observable<Item<T>>): Observable<Item<T>> => flow.pipe(share());

export type { Observable, OperatorFunction };
