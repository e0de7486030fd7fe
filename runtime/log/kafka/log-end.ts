import { ForewarnError } from '../../forewarn-error.ts';

/** Why a log is of no use any more: something broke it, which is told first, or it was closed. */
export class LogEnd {
  #broken: ForewarnError | undefined;
  #closed = false;

  /** What broke it first. */
  get broken(): ForewarnError | undefined {
    return this.#broken;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** What is answered to whoever still wants something of the log. */
  get refusal(): ForewarnError | undefined {
    return this.#broken ?? (this.#closed ? closed() : undefined);
  }

  break(error: unknown): ForewarnError {
    this.#broken ??=
      error instanceof ForewarnError ? error : new ForewarnError('FW609', String(error), { cause: error });
    return this.#broken;
  }

  close(): void {
    this.#closed = true;
  }

  /** Throws the refusal, where there is one. */
  refuse(): void {
    const { refusal } = this;
    if (refusal !== undefined) throw refusal;
  }
}

export const closed = (): ForewarnError => new ForewarnError('FW304', 'the log is closed');
