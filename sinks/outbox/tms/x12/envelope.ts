import type { X12Partner } from './partner.ts';

/** The only set of an interchange has this number; sets count within their group. */
export const SET_CONTROL = '0001';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-01-05T17:00:30Z` → 20260105 and 1700, in UTC. */
export const dateAndTime = (atMs: number): { readonly date: string; readonly time: string } => {
  const at = new Date(atMs);
  return {
    date: `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`,
    time: `${two(at.getUTCHours())}${two(at.getUTCMinutes())}`,
  };
};

/**
 * ISA, GS, ST, the segments, SE, GE, IEA: one transaction set in one group in one interchange, all under one control
 * number. ISA has fixed widths (X12.5): 106 characters with its terminator.
 */
export const interchangeOf = (
  partner: X12Partner,
  set: {
    readonly functionalGroup: string;
    readonly id: string;
    /** Implementation convention, which stands in GS08 and ST03 where a set has one. */
    readonly convention?: string;
    readonly segments: readonly (readonly string[])[];
  },
  control: number,
  atMs: number,
): string => {
  const { sender, receiver, delimiters, version, usage } = partner;
  const { element, segment, component, repetition } = delimiters;
  const { date, time } = dateAndTime(atMs);
  const number = String(control).padStart(9, '0');
  const party = (id: string): string => id.padEnd(15);
  // prettier-ignore
  const isa = [
    'ISA', '00', ' '.repeat(10), '00', ' '.repeat(10),
    sender.qualifier.padEnd(2), party(sender.id), receiver.qualifier.padEnd(2), party(receiver.id),
    date.slice(2), time,
    version === '004010' ? 'U' : repetition, version === '004010' ? '00401' : '00501',
    number, '0', usage, component,
  ];
  const { functionalGroup, id, convention, segments } = set;
  const lines = [
    isa,
    [
      'GS',
      functionalGroup,
      partner.groupSender,
      partner.groupReceiver,
      date,
      time,
      String(control),
      'X',
      convention ?? version,
    ],
    ['ST', id, SET_CONTROL, ...(convention === undefined ? [] : [convention])],
    ...segments,
    ['SE', String(segments.length + 2), SET_CONTROL],
    ['GE', '1', String(control)],
    ['IEA', '1', number],
  ];
  return lines.map((elements) => elements.join(element) + segment).join('');
};
