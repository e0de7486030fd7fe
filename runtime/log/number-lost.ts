import { ForewarnError } from '../forewarn-error.ts';

/** Whether a log says that it does not write as a partition number any more: another process has that, or it was given. */
export const isNumberLost = (error: unknown): error is ForewarnError =>
  error instanceof ForewarnError && ['FW614', 'FW304'].includes(error.code);
