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
 * A consignment, and what is remarked before its first status, holds for the status lines after it. Lines before `FSU` are
 * the envelope of the network. Source: IATA Cargo Interchange Message Procedures, 32nd edition, as far as carriers publish it.
 */
export interface StatusMessage {
  /** `FSU`, `FSA`, or another message of Cargo-IMP. */
  readonly type: string;
  readonly header: string;
  readonly consignments: readonly Consignment[];
  readonly lines: readonly string[];
  /** What cannot be read, and the statuses after it: they must not fall to the consignment before. */
  readonly strays: readonly string[];
}

export interface Consignment {
  readonly prefix: string;
  readonly number: string;
  /** Its own line, and those between it and its first status. */
  readonly lines: string[];
  /** What is said before any status, and so of all of them. */
  readonly remarks: string[];
  readonly statuses: StatusLine[];
}

export interface StatusLine {
  readonly code: string;
  /** Its own line, and those after it that are said of it. */
  readonly lines: string[];
  /** Elements after the code. */
  readonly elements: readonly string[];
  readonly remarks: string[];
}

const headerLine = /^([A-Z]{3})\/(\d{1,2})$/;
const consignmentLine = /^(\d{3})-?(\d{8})(?:[A-Z]{3}(?:[A-Z]{3})?)?(?:\/.*)?$/;
const statusLine = /^([A-Z]{3})(?:\/(.*))?$/;

/** What else a status message says of a consignment: containers, customs, references, who sent it. */
const supplements: ReadonlySet<string> = new Set(['OSI', 'OCI', 'ULD', 'SRI', 'SRF', 'ACC', 'COR', 'AGT']);

export interface StatusMessages {
  /** In their order; none where no line is the header of one. */
  readonly list: readonly StatusMessage[];
  /** From the first consignment before any header on: a message that has lost its header is no envelope of the next. */
  readonly headless: readonly string[];
}

export const readMessages = (text: string): StatusMessages => {
  const readers: MessageReader[] = [];
  const headless: string[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replaceAll(/^[^!-~]+|[^!-<>-~]+$/g, '');
    const header = headerLine.exec(line);
    if (header !== null) readers.push(new MessageReader(header[1]!, line));
    else if (line === '' || networkLine.test(line)) continue;
    else if (readers.length > 0) readers.at(-1)?.read(line);
    else if (headless.length > 0 || consignmentLine.test(line)) headless.push(line);
  }
  return { list: readers, headless };
};

/** Begin and end of a telex. */
const networkLine = /^(?:ZCZC.*|NNNN)$/;

class MessageReader implements StatusMessage {
  readonly type: string;
  readonly header: string;
  readonly consignments: Consignment[] = [];
  readonly lines: string[] = [];
  readonly strays: string[] = [];
  #consignment: Consignment | null = null;

  constructor(type: string, header: string) {
    this.type = type;
    this.header = header;
  }

  read(line: string): void {
    this.lines.push(line);
    const found = consignmentLine.exec(line);
    if (found !== null) {
      this.#consignment = { prefix: found[1]!, number: found[2]!, lines: [line], remarks: [], statuses: [] };
      this.consignments.push(this.#consignment);
      return;
    }
    const consignment = this.#consignment;
    const status = statusLine.exec(line);
    if (consignment === null || (status === null && !line.startsWith('/'))) {
      this.strays.push(line);
      this.#consignment = null;
      return;
    }
    const said = consignment.statuses.at(-1) ?? consignment;
    const [, code = '', rest = ''] = status ?? [];
    if (status !== null && !supplements.has(code)) {
      consignment.statuses.push({ code, lines: [line], elements: rest.split('/'), remarks: [] });
      return;
    }
    said.lines.push(line);
    if (status === null) said.remarks.push(line.slice(1));
    else if (code === 'OSI') said.remarks.push(rest);
  }
}
