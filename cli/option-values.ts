import { InvalidArgumentError } from 'commander';

/** A whole number of at least this. */
export const wholeNumber =
  (least = 0) =>
  (given: string): number => {
    const value = Number(given);
    if (given.trim() === '' || !Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`give a whole number of at least ${least}`);
    return value;
  };

/** `2026-01-05T12:00:00Z`, or milliseconds since 1970. */
export const moment = (given: string): number => {
  const value = /^\d+$/.test(given) ? Number(given) : Date.parse(given);
  if (Number.isNaN(value)) throw new InvalidArgumentError('give a time such as 2026-01-05T12:00:00Z');
  return value;
};

/** `strike,depot`: words of two letters or more. */
export const wordList = (given: string): readonly string[] => {
  const words = given.split(',').map((one) => one.trim());
  if (words.every((one) => /^\p{L}[\p{L}'-]+$/u.test(one))) return words;
  throw new InvalidArgumentError('give words of two letters or more, such as strike,depot');
};

/** As it was given, where `record` hands it on to the world itself. */
export const isoMoment = (given: string): string => new Date(moment(given)).toISOString();
