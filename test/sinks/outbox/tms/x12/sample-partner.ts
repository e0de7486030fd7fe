import { fileURLToPath } from 'node:url';
import { ediReasons } from '../../../../../domain/edi-reasons.ts';
import { readRulesFile } from '../../../../../runtime/rules/read-rules-file.ts';
import { rulesSchemas } from '../../../../../runtime/rules/rules-schemas.ts';
import type { X12Partner } from '../../../../../sinks/outbox/tms/x12/partner.ts';

export const rulesFolder = fileURLToPath(new URL('../../../../../rules', import.meta.url));

export const reasons = readRulesFile(
  rulesFolder,
  'mappings/x12-214-out.yaml',
  ediReasons,
  rulesSchemas['edi-reasons'],
).content;

export const samplePartner = (changes: Partial<X12Partner> = {}): X12Partner => ({
  sender: { qualifier: 'ZZ', id: 'FOREWARN' },
  receiver: { qualifier: '02', id: 'ACMETMS' },
  groupSender: 'FOREWARN',
  groupReceiver: 'ACMETMS',
  version: '004010',
  usage: 'P',
  delimiters: { element: '*', segment: '~', component: '>', repetition: '^' },
  scac: 'FWRN',
  estimate: 'AG',
  shipmentQualifier: 'LO',
  ...changes,
});
