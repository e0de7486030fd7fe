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
  /** What cannot be read, and the statuses after it: they must not fall to the consignment before. */
  readonly strays: readonly string[];
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
  const readers: MessageReader[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replaceAll(/^[^!-~]+|[^!-<>-~]+$/g, '');
    const header = headerLine.exec(line);
    if (header !== null) readers.push(new MessageReader(header[1]!, line));
    else if (line !== '' && !networkLine.test(line)) readers.at(-1)?.read(line);
  }
  return readers;
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
      this.#consignment = { prefix: found[1]!, number: found[2]!, line, statuses: [] };
      this.consignments.push(this.#consignment);
      return;
    }
    const consignment = this.#consignment;
    const before = consignment?.statuses.at(-1);
    const status = statusLine.exec(line);
    if (consignment === null || (status === null && !line.startsWith('/'))) {
      this.strays.push(line);
      this.#consignment = null;
    } else if (status === null) before?.remarks.push(line.slice(1));
    else {
      const code = status[1]!;
      const rest = status[2] ?? '';
      if (!supplements.has(code)) {
        consignment.statuses.push({ code, line, elements: rest.split('/'), remarks: [] });
      } else if (code === 'OSI') before?.remarks.push(rest);
    }
  }
}
