import type { EdiParty } from '../../../../domain/edi-interchange.ts';
import type { InterchangeAnswer, MessageAnswer } from '../../../../domain/message-answer.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';

/** Release of the directory that the message is written in. */
const APERAK = 'APERAK:D:96A:UN';
/** Free text, 4440 in D.96A: five lines of seventy. */
const LINE = 70;
const LINES = 5;
/** ERC comes at most so often in D.96A. */
const MAX_ERRORS = 999;

/** Element 1001 and 4343: acknowledgement, accepted; application error, rejected or, in part, neither. */
const heads: Readonly<Record<MessageAnswer['verdict'], readonly [string, string]>> = {
  accepted: ['312', 'AP'],
  partly: ['313', ''],
  rejected: ['313', 'RE'],
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `O'HARE: 1 + 1?` → `O?'HARE?: 1 ?+ 1??`; what Latin-1 does not carry becomes a blank. */
const escaped = (value: string): string =>
  value
    .normalize('NFC')
    .replaceAll(/[^\u0020-\u007E\u00A0-\u00FF]/gu, ' ')
    .replaceAll(/[?':+]/g, '?$&');

/** A value that says who or which: it goes out whole or not at all. */
const exactly = (what: string, value: string, maxLength: number): string => {
  if (
    value === '' ||
    value.length > maxLength ||
    !/^[\u0021-\u007E\u00A0-\u00FF]([\u0020-\u007E\u00A0-\u00FF]*)$/.test(value)
  )
    throw new ForewarnError(
      'FW716',
      `APERAK: ${what} "${value.slice(0, 60)}" is empty, longer than ${maxLength} characters, or has characters that UNOC does not carry`,
    );
  return escaped(value);
};

/** Text in lines of seventy, counted before anything is released. */
const linesOf = (text: string): string => {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < LINES; at += LINE)
    lines.push(escaped(text.slice(at, at + LINE)));
  return lines.join(':');
};

const partyOf = (what: string, { id, qualifier }: EdiParty): string =>
  exactly(what, id, 35) + (qualifier === '' ? '' : `:${exactly(`${what}'s qualifier`, qualifier, 4)}`);

/**
 * An interchange with one EDIFACT APERAK (application error and acknowledgement, D.96A) for each message of another: BGM 312
 * accepted or 313 error, RFF ACW its message reference, RFF AGO its document number, NAD MS and MR us and them, and for each
 * failure ERC with our code and FTX with the reason. Sender and receiver change places. `control`, from 1, is the reference of
 * the interchange, `control-1` the number of its first document; times are UTC. FW716 when a reference or a party cannot be
 * carried.
 */
export const writeAperak = (answer: InterchangeAnswer, control: number, atMs: number): string => {
  const { sender, receiver, interchange, messages } = answer;
  const at = new Date(atMs);
  const date = `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
  const time = `${two(at.getUTCHours())}${two(at.getUTCMinutes())}`;
  const us = exactly('receiver', receiver.id, 35);
  const them = exactly('sender', sender.id, 35);
  const segmentsOf = ({ message, document, verdict, errors }: MessageAnswer, number: number): string[] => {
    const [name, response] = heads[verdict];
    return [
      `BGM+${name}+${control}-${number}+9${response === '' ? '' : `+${response}`}`,
      `DTM+137:${date}${time}UTC:303`,
      `FTX+AAI+++${linesOf(`INTERCHANGE ${interchange}`)}`,
      `RFF+ACW:${exactly('message reference', message, 14)}`,
      ...(document === '' ? [] : [`RFF+AGO:${exactly('document number', document, 35)}`]),
      `NAD+MS+${us}`,
      `NAD+MR+${them}`,
      ...errors
        .slice(0, MAX_ERRORS)
        .flatMap(({ code, reason }) => [`ERC+${escaped(code)}::ZZZ`, `FTX+AAO+++${linesOf(reason)}`]),
    ];
  };
  const lines = [
    `UNB+UNOC:3+${partyOf('receiver', receiver)}+${partyOf('sender', sender)}+${date.slice(2)}:${time}+${control}++APERAK`,
    ...messages.flatMap((message, i) => {
      const segments = segmentsOf(message, i + 1);
      return [`UNH+${i + 1}+${APERAK}`, ...segments, `UNT+${segments.length + 2}+${i + 1}`];
    }),
    `UNZ+${messages.length}+${control}`,
  ];
  return `UNA:+.? '${lines.map((line) => `${line}'`).join('')}`;
};
