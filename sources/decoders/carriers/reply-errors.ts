import type { CarrierReply, ErrorAt } from './carrier-reply.ts';
import { firstText, textAt, valuesAt } from './tree.ts';

/** What the carrier could not answer, each with its code and in its own words: `9040: This tracking number cannot be found.` */
export const errorsOf = (
  root: unknown,
  { errors = [], carrier }: CarrierReply,
  of: ErrorAt['of'],
): readonly string[] =>
  errors
    .filter((error) => error.of === of)
    .flatMap((error) =>
      valuesAt(root, error.path)
        .filter((value) => isError(value, error))
        .flatMap((value) => {
          const code = error.code === undefined ? null : textAt(value, error.code);
          const words = firstText(value, error.words);
          const said = [code, words?.slice(0, 400)].filter(Boolean).join(': ');
          return said === '' ? [] : [`${carrier} answers with an error: ${said}`];
        }),
    );

const isError = (value: unknown, { when }: ErrorAt): boolean =>
  when === undefined || when.is.includes(textAt(value, when.path) ?? '');
