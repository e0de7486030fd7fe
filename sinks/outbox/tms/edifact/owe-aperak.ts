import { partnershipOf } from '../../../../domain/edi-interchange.ts';
import type { InterchangeAnswer } from '../../../../domain/message-answer.ts';
import type { OwedAnswer } from '../answers.ts';
import type { Transport } from '../deliver-interchange.ts';
import { writeAperak } from './write-aperak.ts';

/** UNH 0062 of the first message. */
const FIRST_MESSAGE = '1';

/** An interchange of APERAKs for each interchange of a source that wants them, back to whoever sent it. */
export const oweAperak = (
  source: string,
  transport: Transport,
  interchanges: readonly InterchangeAnswer[],
): readonly OwedAnswer[] =>
  interchanges.map((answer, i) => ({
    what: `APERAK for interchange ${answer.interchange}`,
    // Several interchanges of one file may have the same reference by mistake.
    parts: ['APERAK', answer.interchange, String(i)],
    destination: source,
    partnership: partnershipOf(answer.receiver, answer.sender),
    setControl: FIRST_MESSAGE,
    transport,
    file: `APERAK-${answer.sender.id.replaceAll(/[^\w-]/g, '_')}`,
    write: (control, atMs) => writeAperak(answer, control, atMs),
  }));
