import { z } from 'zod';
import { isPattern } from './local-pattern.ts';
import { isZone } from './local-time.ts';
import { outcomeReport } from './outcome-report.ts';
import { word } from './schema.ts';
import { tmsChanges } from './tms-change.ts';

const column = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Name of a column, as the header or the table has it.' });
const columns = z.array(column).min(1);
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const zone = z.string().refine(isZone, 'is no IANA zone, such as America/Chicago');
const timeFormats: readonly string[] = ['iso', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-days'];
const timeFormat = z
  .string()
  .refine(
    (format) => timeFormats.includes(format) || isPattern(format),
    `is none of ${timeFormats.join(', ')}, and no pattern with yyyy, MM and dd`,
  );

/** Where a value comes from: a column, read as something; or always the same. */
const fromColumn = z.strictObject({
  column,
  as: z.enum(['text', 'number', 'money', 'flag', 'time', 'day', 'list']).default('text').meta({
    description:
      'money: minor units of an amount such as 12.50. flag: true, yes, y, 1, x. day: a date, which stands for its whole day; list: several, see separator.',
  }),
  format: timeFormat.optional().meta({
    description:
      'Of a time: iso (the default), epoch-s, epoch-ms, epoch-us, epoch-days, or letters such as dd.MM.yyyy HH:mm.',
  }),
  zone: zone
    .optional()
    .meta({ description: 'IANA zone of times without one; as the file’s where left out.' }),
  decimal: z
    .enum(['.', ','])
    .default('.')
    .meta({ description: 'What stands before the decimals of a number.' }),
  decimals: z.int().min(0).max(4).default(2).meta({ description: 'Of money: how many the currency has.' }),
  separator: z.string().min(1).default(',').meta({ description: 'Of a list.' }),
  map: z.record(z.string(), plain).optional().meta({
    description: 'What a text means here; one that is not in it is refused, unless "*" is.',
  }),
  otherwise: plain.optional().meta({ description: 'Where the column is empty or not there.' }),
});
const always = z.strictObject({ value: plain });
/** A text alone is a column that is taken as text. */
export const inputField = z.union([column, fromColumn, always]);
export type InputField = z.infer<typeof inputField>;
export type ColumnField = z.infer<typeof fromColumn>;

/** `orderId`, `legs.0.carrier`; `lines[].sku` where many rows make one record: each adds one to the list. */
const fieldPath = z
  .string()
  .regex(
    /^[A-Za-z]\w*(\[\])?(\.([A-Za-z]\w*|\d{1,2}))*$/,
    'keys and places with dots, such as legs.0.carrier or lines[].sku',
  );

/** Records of ours that a row may become. */
export const mappedTypes = [
  'tracking',
  'plan',
  'order',
  'allocation',
  'contract',
  'directory',
  'inquiry',
  'carrier_update',
  'port',
  'road',
  'tms_change',
  'outcome_report',
] as const;

const when = z
  .record(column, z.array(z.string()).min(1))
  .default({})
  .meta({ description: 'Only rows that have one of these values in each of these columns.' });

const mappedRecord = z.strictObject({
  type: z.enum(mappedTypes),
  when,
  required: z.array(column).default([]).meta({ description: 'A row without one of them is refused.' }),
  groupBy: columns.optional().meta({
    description: 'Rows of a CSV file that follow each other and have the same values here make one record.',
  }),
  fields: z.record(fieldPath, inputField),
  onDelete: z
    .record(z.string().regex(/^[A-Za-z]\w*$/), plain)
    .optional()
    .meta({
      description: 'What a deleted row says: these instead, such as cancelled: true. Else it says nothing.',
    }),
});
export type MappedRecord = z.infer<typeof mappedRecord>;

const change = z
  .strictObject({
    columns: columns.optional().meta({ description: 'One of these has changed.' }),
    from: z.array(z.string()).min(1).optional().meta({ description: 'It was one of these before.' }),
    to: z.array(z.string()).min(1).optional().meta({ description: 'It is one of these now.' }),
    row: z.enum(['created', 'deleted']).optional().meta({ description: 'Or a row came, or went.' }),
    when,
    what: z.enum(tmsChanges).optional().meta({ description: 'What a person did.' }),
    report: outcomeReport.shape.what.optional().meta({ description: 'Or how something ended.' }),
    reason: inputField.optional(),
    amountMinor: inputField.optional(),
    currency: inputField.optional(),
    exceptionId: inputField.optional(),
    actionId: inputField.optional(),
  })
  .refine(
    ({ what, report }) => (what === undefined) !== (report === undefined),
    'give exactly one of what, report',
  )
  .refine(
    ({ columns: some, row }) => (some === undefined) !== (row === undefined),
    'give exactly one of columns, row',
  );
export type ChangeRule = z.infer<typeof change>;

const inputTable = z.strictObject({
  table: z.string().min(1).optional().meta({
    description: 'Table of a change feed, by its name or schema.name. A CSV file goes by its header.',
  }),
  records: z.array(mappedRecord).default([]),
  changes: z
    .strictObject({
      shipmentId: inputField,
      by: inputField.optional().meta({ description: 'Who did it.' }),
      at: inputField.optional().meta({ description: 'When; the moment of the change where left out.' }),
      rules: z.array(change).min(1),
    })
    .optional()
    .meta({ description: 'What changes of rows say about people.' }),
});
export type InputTable = z.infer<typeof inputTable>;

/** One file of `rules/inputs/`: what rows of one system's files and tables are to us. */
export const inputMapping = z
  .strictObject({
    name: word,
    version: z.int().min(1),
    sources: z.array(word).min(1).meta({ description: 'Ingest sources whose documents it reads.' }),
    zone: zone
      .optional()
      .meta({ description: "IANA zone of times without one; the source's where left out." }),
    csv: z
      .strictObject({
        delimiter: z.string().length(1).default(','),
        quote: z.string().length(1).default('"'),
        charset: z
          .enum(['utf-8', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'windows-1250'])
          .default('utf-8'),
        columns: columns.optional().meta({ description: 'Names of the columns of a file without a header.' }),
        skipLines: z.int().min(0).default(0).meta({ description: 'Lines above the header.' }),
      })
      .prefault({}),
    own: z
      .strictObject({
        by: column.optional().meta({ description: 'Column that says who wrote the row.' }),
        users: z
          .array(z.string().min(1))
          .default([])
          .meta({ description: 'Names under which Forewarn writes.' }),
        references: z
          .array(column)
          .default([])
          .meta({ description: 'Columns that hold the id of an action where Forewarn wrote it.' }),
        prefix: z.string().default('').meta({ description: 'Stands before that id, such as forewarn:.' }),
      })
      .prefault({})
      .meta({ description: 'How what we wrote ourselves is known when it comes back.' }),
    ignored: z
      .array(z.string().min(1))
      .default([])
      .meta({ description: 'Tables of the change feed that say nothing to us.' }),
    tables: z.array(inputTable).min(1),
  })
  .refine(
    ({ tables }) => tables.every(({ records, changes }) => records.length > 0 || changes !== undefined),
    {
      message: 'a table needs records or changes',
      path: ['tables'],
    },
  );
export type InputMapping = z.infer<typeof inputMapping>;
