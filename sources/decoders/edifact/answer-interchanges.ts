import type { InterchangeAnswer, MessageAnswer } from '../../../domain/message-answer.ts';
import type { Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { DecodedRecords } from '../decoded-records.ts';
import { textReader } from './charset.ts';
import { decodeParts } from './decode-edifact.ts';
import type { Interchange, Message } from './envelope-parts.ts';
import { Segment } from './segment.ts';

/**
 * What APERAKs have to say of the IFTSTA of each interchange of a document, in order. Acknowledgements are answered by nobody, or two systems
 * would thank each other for ever; so are tests, echoes, and messages without an interchange, whose sender nobody knows.
 */
export const answerInterchanges = (
  document: RawDocument,
  settings: DecoderSettings,
): readonly InterchangeAnswer[] => {
  const answers = new Map<Interchange, MessageAnswer[]>();
  const records = new DecodedRecords(document, 'edifact/1');
  decodeParts(records, document, settings, (message, from) => {
    const became = records.list.slice(from);
    const { interchange, type, reference } = message;
    if (type !== 'IFTSTA' || interchange === null || became.some((one) => one.type === 'nothing')) return;
    const errors = became.flatMap((one) =>
      one.type === 'failure' ? [{ code: one.code, reason: one.reason }] : [],
    );
    const answer: MessageAnswer = {
      message: reference,
      document: documentNumberOf(message),
      verdict: verdictOn(became, errors.length),
      errors,
    };
    const known = answers.get(interchange);
    if (known === undefined) answers.set(interchange, [answer]);
    else known.push(answer);
  });
  return [...answers].map(([{ sender, receiver, reference }, messages]) => ({
    sender,
    receiver,
    interchange: reference,
    messages,
  }));
};

const verdictOn = (became: readonly Decoded[], errors: number): MessageAnswer['verdict'] => {
  if (errors === 0) return 'accepted';
  return errors === became.length ? 'rejected' : 'partly';
};

const documentNumberOf = ({ segments, characters, interchange }: Message): string => {
  const read = textReader(interchange?.syntax ?? '');
  for (const raw of segments) {
    const segment = new Segment(raw, characters, read);
    if (segment.tag === 'BGM') return segment.value(2);
  }
  return '';
};
