import { z } from 'zod';
import { actionTypes, type ActionType } from './action.ts';
import { effect } from './codes.ts';
import { word } from './schema.ts';

const httpStatus = z.int().min(200).max(599);
const pathTemplate = z.string().regex(/^\//, 'begins with /').meta({
  description:
    'LiquidJS; begins with / and stands behind the url of the destination. Values are URL-encoded.',
});
const jsonTemplate = z.string().min(1).meta({
  description:
    'LiquidJS; every value is written as JSON, quotes included: {"note": {{ facts.category }}}. It must give JSON.',
});

/** A message of its own: one request, answered at once. */
export const tmsRequest = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  path: pathTemplate,
  body: jsonTemplate.optional(),
  expect: z.array(httpStatus).min(1).default([200, 201, 202, 204]).meta({ description: 'It has taken it.' }),
  done: z
    .array(httpStatus)
    .default([])
    .meta({ description: 'It has taken this one before: counts as sent, such as 409 or 208.' }),
});

/** `stops[0].note`, `stops[type=CN].due`, `equipment.trailer`. */
const fieldPath = z
  .string()
  .regex(
    /^[A-Za-z_$][\w$-]*(\[(\d{1,6}|[A-Za-z_$][\w$-]*=[^\]]+)\])*(\.[A-Za-z_$][\w$-]*(\[(\d{1,6}|[A-Za-z_$][\w$-]*=[^\]]+)\])*)*$/,
  )
  .meta({ description: 'Keys with dots, elements by [number] or by [key=value].' });

/** A TMS that takes whole objects: read it, change fields, write it back whole. */
export const tmsUpdate = z.strictObject({
  get: pathTemplate,
  put: pathTemplate.optional().meta({ description: 'Where it is written back to; as `get` where left out.' }),
  method: z.enum(['PUT', 'POST']).default('PUT'),
  revision: fieldPath.optional().meta({
    description: 'Field that changes with every change; for a TMS that gives no strong ETag.',
  }),
  set: z.array(z.strictObject({ path: fieldPath, value: jsonTemplate })).min(1),
});

/** Asks how things stand; the answer comes in as a document like any other. */
export const tmsQuery = z.strictObject({
  get: pathTemplate,
  expect: z.array(httpStatus).min(1).default([200]),
  done: z
    .array(httpStatus)
    .default([])
    .meta({ description: 'It knows nothing: no document, and no failure.' }),
});

/** One way to execute an action. The first whose `when` fits is taken. */
export const tmsEntry = z
  .strictObject({
    when: z
      .strictObject({
        templates: z.array(word).min(1).optional(),
        effects: z.array(effect).min(1).optional(),
        kinds: z
          .array(z.enum(['predicted', 'detected']))
          .min(1)
          .optional(),
      })
      .default({}),
    request: tmsRequest.optional(),
    update: tmsUpdate.optional(),
    query: tmsQuery.optional(),
  })
  .refine(
    ({ request, update, query }) => [request, update, query].filter((way) => way !== undefined).length === 1,
    'give exactly one of request, update, query',
  );
export type TmsEntry = z.infer<typeof tmsEntry>;

const entries = z.array(tmsEntry).min(1).optional();
const byAction = Object.fromEntries(actionTypes.map((type) => [type, entries])) as Readonly<
  Record<ActionType, typeof entries>
>;

/** One file of `rules/tms/`: how one TMS is asked for what an action wants. */
export const tmsMapping = z.strictObject({
  name: word,
  version: z.int().min(1),
  headers: z.record(z.string(), z.string()).default({}).meta({ description: 'On every request.' }),
  idempotency: z.strictObject({
    header: z.string().min(1).default('idempotency-key').meta({ description: "Carries the action's id." }),
    honoured: z.boolean().meta({
      description:
        'Whether the TMS does nothing twice under the same one. Where it does, a lost answer is repeated; where not, the action becomes uncertain.',
    }),
  }),
  actions: z.strictObject(byAction),
});
export type TmsMapping = z.infer<typeof tmsMapping>;
