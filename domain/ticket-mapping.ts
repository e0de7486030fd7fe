import { z } from 'zod';

const request = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
  path: z
    .string()
    .regex(/^\//, 'must begin with a slash')
    .meta({ description: 'Behind the url of the destination; facts in it are percent-encoded.' }),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: 'Only here may {{ secret }} and {{ user }} of the destination stand.' }),
  body: z.json().meta({
    description:
      'JSON whose texts are templates. One that is a single output keeps its type: "{{ severity }}" is a number.',
  }),
});
export type TicketRequest = z.infer<typeof request>;

/** `rules/tickets/<mapping>.yaml`: how a CRM or ticket system wants to be told, by REST. */
export const ticketMapping = z.strictObject({
  request,
  allClear: request
    .optional()
    .meta({ description: 'What is sent when the exception was withdrawn; left out, the same request.' }),
  deduplicates: z.boolean().default(false).meta({
    description:
      'true: the receiver recognises {{ actionId }} where the request carries it, and does nothing twice.',
  }),
  alreadyThere: z.array(z.int().min(400).max(499)).default([]).meta({
    description: 'Statuses that say that it has this one already, such as 409; they count as sent.',
  }),
});
export type TicketMapping = z.infer<typeof ticketMapping>;
