import { join } from 'node:path';
import { type TicketMapping, ticketMapping } from '../../../domain/ticket-mapping.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { readRulesFile } from '../../../runtime/rules/read-rules-file.ts';
import { rulesSchemas } from '../../../runtime/rules/rules-schemas.ts';

export interface LoadedTicketMapping {
  /** Of the file, for errors. */
  readonly place: string;
  readonly content: TicketMapping;
}

/** Reads `tickets/<mapping>.yaml` of the rules; what does not fit is FW103 in one line. */
export const loadTicketMapping = (
  folder: string,
  mapping: string,
  destination: string,
): LoadedTicketMapping => {
  if (!/^[\w-]+$/.test(mapping))
    throw new ForewarnError(
      'FW101',
      `destinations.${destination}.mapping: "${mapping}" is no name; name a file of rules/tickets without its .yaml`,
    );
  const { name, content } = readRulesFile(
    folder,
    join('tickets', `${mapping}.yaml`),
    ticketMapping,
    rulesSchemas.ticket,
  );
  return { place: name, content };
};
