import { stableId } from '../domain/stable-id.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';

/** One POST, by who sent it, the key that they gave it and what it asks for. */
export interface KeyedRequest {
  readonly caller: string;
  readonly key: string;
  /** Address and body: the same key must always ask for the same. */
  readonly asks: string;
}

/** What is sent back: status and body. */
export interface SentAnswer {
  readonly status: number;
  readonly body: object;
}

interface Answered {
  readonly asks: string;
  readonly answer: Promise<SentAnswer>;
}

/** Answers that are kept; beyond them, and after a restart, the log's decisions alone are known. */
const keepAnswers = 5_000;

/** The id of a decision that was asked for under an idempotency key; `item` tells those of one request apart. */
export const keyedDecisionId = ({ caller, key }: KeyedRequest, item: string): string =>
  stableId('decision', caller, key, item);

/** A POST that comes again under its key is answered as the first was, also while the first is under way. */
export class AnsweredRequests {
  readonly #answers = new Map<string, Answered>();

  /** Throws FW709 where the key was used for something else. A request that failed may be tried again. */
  once(request: KeyedRequest, take: () => Promise<SentAnswer>): Promise<SentAnswer> {
    const place = stableId('request', request.caller, request.key);
    const asks = stableId(request.asks);
    const known = this.#answers.get(place);
    if (known !== undefined) {
      if (known.asks === asks) return known.answer;
      throw new ForewarnError(
        'FW709',
        `this idempotency-key was used for another request; take another one for each`,
      );
    }
    const answer = take();
    this.#answers.set(place, { asks, answer });
    const forget = (): boolean => this.#answers.delete(place);
    answer.then(({ status }) => status >= 400 && forget(), forget);
    if (this.#answers.size > keepAnswers) this.#answers.delete(this.#answers.keys().next().value ?? place);
    return answer;
  }
}
