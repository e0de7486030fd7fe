import { type ErrorCode, errorCodes, ForewarnError } from '../forewarn-error.ts';

/** An error on its way to another thread, where its class would be lost. */
export interface PassedError {
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: PassedError | null;
}

const isCode = (code: string): code is ErrorCode => code in errorCodes;

export const passError = (error: unknown): PassedError => {
  if (!(error instanceof Error)) return { code: null, message: String(error), stack: undefined, cause: null };
  const { message, stack, cause } = error;
  return {
    code: error instanceof ForewarnError ? error.code : null,
    message,
    stack,
    cause: cause === undefined ? null : passError(cause),
  };
};

/** The error as it was, with the stack of where it was made. */
export const takeError = ({ code, message, stack, cause }: PassedError): Error => {
  const options = cause === null ? {} : { cause: takeError(cause) };
  const error =
    code !== null && isCode(code)
      ? new ForewarnError(code, message.slice(code.length + 1), options)
      : new Error(message, options);
  if (stack !== undefined) error.stack = stack;
  return error;
};
