import { verdictOnGroup, type GroupAnswer, type SegmentError } from '../../../../domain/edi-answer.ts';
import { cleaned, exactly } from './element.ts';
import { interchangeOf } from './envelope.ts';
import type { X12Partner } from './partner.ts';

/** So many segments in error of one set are told; who has more has another problem. */
const MAX_ERRORS = 100;
/** Element 724, a copy of the element in error, has 99 characters. */
const COPY = 99;

/** AK3 with its AK4. A segment whose id is no id is named by what of it can be carried; nothing of it: AK5 alone tells. */
const segmentsOf = (partner: X12Partner, { segment, position, code, elements }: SegmentError): string[][] => {
  const name = cleaned(partner, segment, 3).replaceAll(' ', '');
  if (name.length < 2) return [];
  return [
    ['AK3', name, String(position), '', code],
    ...elements.map((one) => {
      const copy = cleaned(partner, one.value, COPY);
      return ['AK4', String(one.position), one.reference, one.code, ...(copy === '' ? [] : [copy])];
    }),
  ];
};

/**
 * X12 997 (Functional Acknowledgment) of one group: AK1, for each set AK2, AK3 for each segment in error with AK4 for its
 * elements, and AK5, AK9 with how many sets came and how many of them were accepted, with errors or without. It says what
 * became of the syntax; that a date lies in the future is nothing that a 997 can say. FW716 when a control number cannot be
 * carried.
 */
export const write997 = (partner: X12Partner, answer: GroupAnswer, control: number, atMs: number): string => {
  const { functionalGroup, sets } = answer;
  const accepted = sets.filter(({ verdict }) => verdict !== 'R').length;
  return interchangeOf(
    partner,
    {
      functionalGroup: 'FA',
      id: '997',
      segments: [
        [
          'AK1',
          exactly(partner, 'group identifier', functionalGroup, 2),
          exactly(partner, 'group control number', answer.control, 9),
        ],
        ...sets.flatMap((one) => [
          [
            'AK2',
            exactly(partner, 'transaction set', one.set, 3),
            exactly(partner, 'control number', one.control, 9),
          ],
          ...one.errors.slice(0, MAX_ERRORS).flatMap((error) => segmentsOf(partner, error)),
          ['AK5', one.verdict, ...one.reasons.slice(0, 5)],
        ]),
        ['AK9', verdictOnGroup(answer), String(sets.length), String(sets.length), String(accepted)],
      ],
    },
    control,
    atMs,
  );
};
