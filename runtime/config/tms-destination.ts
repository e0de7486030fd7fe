import { z } from 'zod';
import { duration } from '../../domain/duration.ts';
import { deliverySettings } from './delivery-settings.ts';
import { login } from './login.ts';

export const tmsRestDestination = z.strictObject({
  kind: z.literal('tms-rest'),
  url: z
    .string()
    .meta({ description: 'http(s) address of the TMS; paths of the mapping file stand behind it.' }),
  mapping: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .meta({ description: 'rules/tms/<mapping>.yaml says how each action is asked for.' }),
  ...login,
  ingestAs: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .default('tms-answers')
    .meta({ description: 'Ingest source under which answers to query_status come in.' }),
  ...deliverySettings,
});

export const otmDestination = z.strictObject({
  kind: z.literal('otm'),
  url: z.string().meta({ description: 'http(s) address of the OTM server, without a path.' }),
  ...login,
  domain: z
    .string()
    .min(1)
    .meta({ description: 'Domain of its shipments: the shipment is <domain>.<shipment id>.' }),
  predicted: z
    .string()
    .default('X2')
    .meta({ description: 'statusCodeGid of an estimate; with its domain where it is not a public one.' }),
  detected: z.string().default('SD').meta({ description: 'statusCodeGid of what was observed.' }),
  reasonPrefix: z
    .string()
    .default('')
    .meta({ description: 'Put before the 1651 code to make a statusReasonCodeGid, such as ACME.' }),
  idField: z
    .string()
    .regex(/^attribute([1-9]|1\d|20)$/)
    .optional()
    .meta({
      description:
        'Flex field of a tracking event that may hold our action id. With it a lost answer is looked up before it is repeated; without it the action becomes uncertain.',
    }),
  ...deliverySettings,
});

const party = (what: string) =>
  z.strictObject({
    qualifier: z
      .string()
      .regex(/^[A-Z0-9]{2}$/)
      .default('ZZ')
      .meta({ description: `Qualifier of ${what}, such as ZZ or 02.` }),
    id: z
      .string()
      .regex(/^[!-~]([ -~]{0,13}[!-~])?$/)
      .meta({ description: `Interchange id of ${what}, 1 to 15 characters.` }),
    group: z
      .string()
      .regex(/^[!-~]([ -~]{0,13}[!-~])?$/)
      .optional()
      .meta({ description: `Id of ${what} in the group header, where it is another.` }),
  });

const delimiter = z
  .string()
  .regex(/^[^A-Za-z0-9 .-]$/, 'is one character, no letter, digit, blank, point or minus');

export const x12Destination = z
  .strictObject({
    kind: z.literal('x12-214'),
    url: z.string().optional().meta({ description: 'http(s) address that takes interchanges by POST.' }),
    folder: z.string().optional().meta({ description: 'Or the folder that interchanges are put into.' }),
    ...login,
    sender: party('us'),
    receiver: party('the partner'),
    version: z.enum(['004010', '005010']).default('004010').meta({ description: 'Release of X12.' }),
    usage: z.enum(['P', 'T']).default('P').meta({ description: 'Production or test, ISA15.' }),
    delimiters: z
      .strictObject({
        element: delimiter.default('*').meta({ description: 'Between elements.' }),
        segment: delimiter.default('~').meta({ description: 'After a segment.' }),
        component: delimiter.default('>').meta({ description: 'Between components.' }),
        repetition: delimiter.default('^').meta({ description: 'Between repetitions, from 005010 on.' }),
      })
      .refine((all) => new Set(Object.values(all)).size === 4, 'must be four different characters')
      .prefault({}),
    scac: z
      .string()
      .regex(/^[A-Z]{2,4}$/)
      .meta({ description: 'B10-03 of shipments whose carrier has no SCAC of its own.' }),
    estimate: z.enum(['AG', 'X2']).default('AG').meta({
      description: 'Status of a prediction: estimated delivery, or estimated arrival at the consignee.',
    }),
    shipmentQualifier: z
      .string()
      .regex(/^[A-Z0-9]{2,3}$/)
      .default('LO')
      .meta({ description: 'What our shipment id is to the partner: element 128, such as LO or BM.' }),
    acknowledgeWithin: duration
      .or(z.literal('never'))
      .default('4h')
      .meta({ description: 'When its 997 or 999 is overdue; never: the partner sends none.' }),
    acknowledges: z
      .union([z.boolean(), z.enum(['997', '999'])])
      .default(false)
      .meta({
        description:
          'Every group that the partner sends us is answered by this way, with a 997 (true) or, in version 005010, a 999.',
      }),
    ...deliverySettings,
    concurrency: deliverySettings.concurrency
      .unwrap()
      .default(1)
      .meta({ description: 'Messages under way at once; more may overtake each other.' }),
  })
  .refine(({ url, folder }) => (url === undefined) !== (folder === undefined), 'give either url or folder')
  .refine(({ acknowledges, version }) => acknowledges !== '999' || version === '005010', {
    path: ['acknowledges'],
    message: 'a 999 is of release 005010; set version, or answer with 997',
  });

export type TmsRestDestination = z.infer<typeof tmsRestDestination>;
export type OtmDestination = z.infer<typeof otmDestination>;
export type X12Destination = z.infer<typeof x12Destination>;
