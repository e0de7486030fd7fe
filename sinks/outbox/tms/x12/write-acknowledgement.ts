import { verdictOnGroup, type GroupAnswer, type SegmentError } from '../../../../domain/edi-answer.ts';
import { cleaned, exactly } from './element.ts';
import { interchangeOf } from './envelope.ts';
import type { X12Partner } from './partner.ts';

/** So many segments in error of one set are told; who has more has another problem. */
const MAX_ERRORS = 100;
/** Element 724, a copy of the element in error, has 99 characters. */
const COPY = 99;

/**
 * How an acknowledgement is written: the names of what it says of segments, elements and sets, and the convention that a 999
 * must name in GS08 and ST03, and 997 has none of. Codes are the same (elements 720, 723 and 718; 620, 621 and 618).
 */
const standards = {
  '997': { segment: 'AK3', element: 'AK4', set: 'AK5', convention: undefined },
  '999': { segment: 'IK3', element: 'IK4', set: 'IK5', convention: '005010X231A1' },
} as const;
export type AcknowledgementStandard = keyof typeof standards;

/** AK3 with its AK4. A segment whose id is no id is named by what of it can be carried; nothing of it: AK5 alone tells. */
const segmentsOf = (
  partner: X12Partner,
  names: (typeof standards)[AcknowledgementStandard],
  { segment, position, code, elements }: SegmentError,
): string[][] => {
  const name = cleaned(partner, segment, 3).replaceAll(' ', '');
  if (name.length < 2) return [];
  return [
    [names.segment, name, String(position), '', code],
    ...elements.map((one) => {
      const copy = cleaned(partner, one.value, COPY);
      return [names.element, String(one.position), one.reference, one.code, ...(copy === '' ? [] : [copy])];
    }),
  ];
};

/**
 * X12 997 (Functional Acknowledgment) of one group: AK1, for each set AK2, AK3 for each segment in error with AK4 for its
 * elements, and AK5; or 999 (Implementation Acknowledgment, of 005010), with IK3, IK4 and IK5 in their places and the
 * group's release in AK1. AK9 has how many sets came and how many of them were accepted, with errors or without. It says what
 * became of the syntax; that a date lies in the future is nothing that either can say. FW716 when a control number cannot be
 * carried.
 */
export const writeAcknowledgement = (
  partner: X12Partner,
  standard: AcknowledgementStandard,
  answer: GroupAnswer,
  control: number,
  atMs: number,
): string => {
  const { functionalGroup, sets, version } = answer;
  const names = standards[standard];
  const { convention } = names;
  const release = cleaned(partner, version, 12);
  const accepted = sets.filter(({ verdict }) => verdict !== 'R').length;
  return interchangeOf(
    partner,
    {
      functionalGroup: 'FA',
      id: standard,
      ...(convention === undefined ? {} : { convention }),
      segments: [
        [
          'AK1',
          exactly(partner, 'group identifier', functionalGroup, 2),
          exactly(partner, 'group control number', answer.control, 9),
          ...(convention === undefined || release === '' ? [] : [release]),
        ],
        ...sets.flatMap((one) => [
          [
            'AK2',
            exactly(partner, 'transaction set', one.set, 3),
            exactly(partner, 'control number', one.control, 9),
          ],
          ...one.errors.slice(0, MAX_ERRORS).flatMap((error) => segmentsOf(partner, names, error)),
          [names.set, one.verdict, ...one.reasons.slice(0, 5)],
        ]),
        ['AK9', verdictOnGroup(answer), String(sets.length), String(sets.length), String(accepted)],
      ],
    },
    control,
    atMs,
  );
};
