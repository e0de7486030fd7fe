import { z } from 'zod';
import { duration } from '../../domain/duration.ts';

/** A document that is asked for again and again. */
export const pollSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({
    description: 'Where the document is, such as https://api.weather.gov/alerts/active?status=actual.',
  }),
  every: duration
    .default('2m')
    .meta({ description: 'How often it is asked for; an unchanged one is not taken.' }),
  headers: z
    .record(z.string().regex(/^[\w-]{1,100}$/), z.string().meta({ description: 'Value of the header.' }))
    .default({})
    .meta({
      description:
        'Headers of the request, such as User-Agent, which the NWS wants with an address; keys by ${NAME}.',
    }),
  contentType: z
    .string()
    .optional()
    .meta({ description: 'What the document is; left out, what the server says, or its content tells.' }),
  timeout: duration.default('30s').meta({ description: 'After it the request is broken off.' }),
});
export type PollSettings = z.infer<typeof pollSettings>;
