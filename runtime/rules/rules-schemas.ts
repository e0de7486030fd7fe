import { z } from 'zod';
import { alarmThresholds } from '../../domain/alarm-thresholds.ts';
import { detectionRules } from '../../domain/detection-rules.ts';
import { ediReasons } from '../../domain/edi-reasons.ts';
import { locationsFile } from '../../domain/location.ts';
import { inputMapping } from '../../domain/input-mapping.ts';
import { messageLanguages, messageTemplate } from '../../domain/message-template.ts';
import { playbook } from '../../domain/playbook.ts';
import { sla } from '../../domain/sla.ts';
import { taxonomy, taxonomyCodes } from '../../domain/taxonomy.ts';
import { ticketMapping } from '../../domain/ticket-mapping.ts';
import { tmsMapping } from '../../domain/tms-mapping.ts';

const schemaOf = (schema: z.ZodType): z.core.JSONSchema.BaseSchema => z.toJSONSchema(schema, { io: 'input' });

/** JSON Schemas of the rules files, for editors and for people; `rules/schema/<name>.json` holds the same. */
export const rulesSchemas = {
  taxonomy: schemaOf(taxonomy),
  'taxonomy-codes': schemaOf(taxonomyCodes),
  sla: schemaOf(sla),
  detection: schemaOf(detectionRules),
  playbook: schemaOf(playbook),
  template: schemaOf(messageTemplate),
  languages: schemaOf(messageLanguages),
  ticket: schemaOf(ticketMapping),
  tms: schemaOf(tmsMapping),
  input: schemaOf(inputMapping),
  thresholds: schemaOf(alarmThresholds),
  'edi-reasons': schemaOf(ediReasons),
  locations: schemaOf(locationsFile),
} as const;
