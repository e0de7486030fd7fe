/**
 * Cargo-IMP FSU (status update) and FSA (status answer), as airlines send them:
 *
 *   FSU/12
 *   057-12345675CDGJFK/T10K500              airline prefix - number, from, to / pieces and weight
 *   DEP/AF0010/12MAR/CDGJFK/T10K500/A1425   status / flight / date [time] / from [to] / pieces / actual time
 *   RCF/AF0010/12MAR1730/JFK/T10K500
 *   DIS/AF0010/12MAR1800/JFK/MSCA/P2K100
 *   OSI/TEXT OF THE AIRLINE                 belongs to the status before it
 *   /MORE OF IT
 *
 * A consignment holds for the status lines after it. Lines before `FSU` are the envelope of the network. Source: IATA Cargo
 * Interchange Message Procedures, 32nd edition, as far as carriers publish it.
 */
export interface StatusMessage {
  /** `FSU`, `FSA`, or another message of Cargo-IMP. */
  readonly type: string;
  readonly header: string;
  readonly consignments: readonly Consignment[];
  readonly lines: readonly string[];
}

export interface Consignment {
  readonly prefix: string;
  readonly number: string;
  readonly line: string;
  readonly statuses: StatusLine[];
}

export interface StatusLine {
  readonly code: string;
  readonly line: string;
  /** Elements after the code. */
  readonly elements: readonly string[];
  readonly remarks: string[];
}

const headerLine = /^([A-Z]{3})\/(\d{1,2})$/;
const consignmentLine = /^(\d{3})-?(\d{8})(?:[A-Z]{3}(?:[A-Z]{3})?)?(?:\/.*)?$/;
const statusLine = /^([A-Z]{3})(?:\/(.*))?$/;

/** What else a status message says of a consignment: containers, customs, references, who sent it. */
const supplements: ReadonlySet<string> = new Set(['OSI', 'OCI', 'ULD', 'SRI', 'SRF', 'ACC', 'COR', 'AGT']);

/** Messages of a text in their order; none where no line is the header of one. */
export const readMessages = (text: string): readonly StatusMessage[] => {
  const messages: { type: string; header: string; consignments: Consignment[]; lines: string[] }[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replaceAll(/[\u0001-\u0003=]+$|^[\u0001-\u0003]+/g, '').trim();
    const header = headerLine.exec(line);
    if (header !== null) {
      messages.push({ type: header[1]!, header: line, consignments: [], lines: [] });
      continue;
    }
    const message = messages.at(-1);
    if (message === undefined || line === '') continue;
    message.lines.push(line);
    readLine(message.consignments, line);
  }
  return messages;
};

const readLine = (consignments: Consignment[], line: string): void => {
  const found = consignmentLine.exec(line);
  if (found !== null) {
    consignments.push({ prefix: found[1]!, number: found[2]!, line, statuses: [] });
    return;
  }
  const consignment = consignments.at(-1);
  if (consignment === undefined) return;
  const status = statusLine.exec(line);
  const before = consignment.statuses.at(-1);
  if (status === null) {
    if (line.startsWith('/')) before?.remarks.push(line.slice(1));
    return;
  }
  const code = status[1]!;
  const rest = status[2] ?? '';
  if (!supplements.has(code)) {
    consignment.statuses.push({ code, line, elements: rest.split('/'), remarks: [] });
  } else if (code === 'OSI') before?.remarks.push(rest);
};
