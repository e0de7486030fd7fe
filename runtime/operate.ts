import { merge, Observable, share, Subject, type OperatorFunction } from 'rxjs';
import type { Barrier, Item, Rows } from './item.ts';

/** What an operator does with what comes in. */
export interface Handler<A> {
  rows(rows: Rows<A>): void;
  barrier(barrier: Barrier): void;
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
            else handler.barrier(item);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });

/** A part of a beat that came in by one of several inputs. */
export interface Arrived<A> {
  readonly port: number;
  readonly rows: Rows<A>;
}

/** What an operator with several inputs does: it gets a beat once all of them have brought it. */
export interface BeatHandler<A> {
  beat(parts: readonly Arrived<A>[]): void;
  barrier(barrier: Barrier): void;
}

/**
 * The same for operators with several inputs. A beat comes on every input, in parts; the handler gets it whole, when
 * the last input has brought the last of it, and so can put the rows of all inputs into one order.
 */
export const operateAll = <A, B>(
  inputs: readonly Observable<Item<A>>[],
  make: (out: (item: Item<B>) => void) => BeatHandler<A>,
): Observable<Item<B>> => {
  const tagged = inputs.map(
    (input, port) =>
      new Observable<{ readonly port: number; readonly item: Item<A> }>((subscriber) =>
        input.subscribe({
          next: (item) => subscriber.next({ port, item }),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      ),
  );
  return new Observable<Item<B>>((subscriber) => {
    const handler = make((item) => subscriber.next(item));
    let parts: Arrived<A>[] = [];
    let done = 0;
    const arrived = (): boolean => {
      done += 1;
      if (done < inputs.length) return false;
      done = 0;
      return true;
    };
    return merge(...tagged).subscribe({
      next: ({ port, item }) => {
        try {
          if (item.kind === 'barrier') {
            if (arrived()) handler.barrier(item);
            return;
          }
          parts.push({ port, rows: item });
          if (!item.last || !arrived()) return;
          const whole = parts;
          parts = [];
          handler.beat(whole);
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

export { Observable };
export type { OperatorFunction };
