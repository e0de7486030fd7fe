import { codeMappings } from '../../../domain/code-mapping.ts';
import type { GroupAnswer, SetAnswer } from '../../../domain/edi-answer.ts';
import type { DecoderSettings, RawDocument } from '../decoder.ts';
import { decodeX12 } from './decode-x12.ts';
import type { Transaction } from './envelope-parts.ts';
import { readEnvelope } from './envelope.ts';
import { syntaxErrorsOf } from './syntax-errors.ts';
import { readerOfSet } from './transaction-sets.ts';

/** Codes and zones are no matter of syntax. */
const syntaxOnly: DecoderSettings = {
  mappings: codeMappings([]),
  partners: {},
  defaultZone: 'UTC',
  maxFutureMs: Number.MAX_SAFE_INTEGER,
};

/**
 * What a 997 or 999 has to say of each functional group of a document, in order: whether its sets could be read, and why not.
 * Groups of acknowledgements are answered by nobody, or two systems would thank each other for ever; sets outside of an
 * interchange or a group have no number to be answered by.
 */
export const answerGroups = (document: RawDocument): readonly GroupAnswer[] => {
  const { bytes } = document;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const groups = new Map<unknown, Transaction[]>();
  for (const part of readEnvelope(text).parts) {
    if (part.kind !== 'transaction' || part.group === null || part.sender === null || isAnswer(part))
      continue;
    const known = groups.get(part.group);
    if (known === undefined) groups.set(part.group, [part]);
    else known.push(part);
  }
  if (groups.size === 0) return [];
  const broken = new Set<number>();
  for (const one of decodeX12(document, syntaxOnly)) {
    if (one.type === 'failure' && one.stage === 'decode') broken.add(one.bytes.byteOffset - bytes.byteOffset);
  }
  return [...groups.values()].flatMap((sets) => {
    const [first] = sets;
    if (first === undefined || first.group === null || first.sender === null || first.receiver === null)
      return [];
    return [
      {
        sender: first.sender,
        receiver: first.receiver,
        functionalGroup: first.group.id,
        control: first.group.control,
        version: first.group.version,
        sets: sets.map((one) => answerTo(one, broken.has(one.start))),
      },
    ];
  });
};

const isAnswer = ({ set }: Transaction): boolean => set === '997' || set === '999';

const answerTo = (transaction: Transaction, isBroken: boolean): SetAnswer => {
  const { set, control, fault, countsAgree } = transaction;
  if (readerOfSet(set) === undefined)
    return { set, control, verdict: 'R', reasons: [fault ?? '1'], errors: [] };
  const errors = syntaxErrorsOf(transaction);
  if (fault !== null) return { set, control, verdict: 'R', reasons: [fault], errors };
  if (isBroken) return { set, control, verdict: 'R', reasons: ['5'], errors };
  // What is sound in it has become events.
  const reasons = [...(countsAgree ? [] : ['4']), ...(errors.length > 0 ? ['5'] : [])];
  return { set, control, verdict: reasons.length > 0 ? 'E' : 'A', reasons, errors };
};
