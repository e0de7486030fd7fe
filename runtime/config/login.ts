import { z } from 'zod';
import { reference } from './reference.ts';

/** How a receiver knows us, where it asks: HTTP Basic, or a bearer token. */
export const login = {
  username: z.string().optional().meta({ description: 'HTTP Basic, with a password.' }),
  password: reference.optional().meta({ description: 'HTTP Basic, by reference to the environment.' }),
  token: reference
    .optional()
    .meta({ description: 'Sent as a bearer token, by reference to the environment.' }),
};
