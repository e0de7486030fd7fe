import { z } from 'zod';

export const referenceForm = /^\$\{\w+\}$/;

/** A value that is a reference to the environment, such as `${SAIA_KEY}`; it is replaced when the file is read. */
export const reference = z
  .string()
  .regex(referenceForm, 'must be a reference such as ${NAME} to the environment');
