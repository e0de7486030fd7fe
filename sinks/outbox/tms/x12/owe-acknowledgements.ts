import type { GroupAnswer } from '../../../../domain/edi-answer.ts';
import { partnershipOf, type EdiParty } from '../../../../domain/edi-interchange.ts';
import type { OwedAnswer } from '../answers.ts';
import type { Transport } from '../deliver-interchange.ts';
import { SET_CONTROL } from './envelope.ts';
import type { X12Partner } from './partner.ts';
import { type AcknowledgementStandard, writeAcknowledgement } from './write-acknowledgement.ts';

/** A partner whose groups are acknowledged, and how it is reached. */
export interface AnsweredPartner {
  /** The destination's name. */
  readonly name: string;
  readonly partner: X12Partner;
  /** What it is answered with. */
  readonly standard: AcknowledgementStandard;
  readonly transport: Transport;
}

/** A 997 or 999 for each functional group that is from one of the partners and to us; nothing for those of strangers. */
export const oweAcknowledgements = (
  partners: readonly AnsweredPartner[],
  groups: readonly GroupAnswer[],
): readonly OwedAnswer[] =>
  groups.flatMap((group) => {
    const to = partners.find(
      ({ partner }) => isSame(partner.receiver, group.sender) && isSame(partner.sender, group.receiver),
    );
    if (to === undefined) return [];
    const { name, partner, standard, transport } = to;
    return [
      {
        what: `${standard} for group ${group.control}`,
        parts: [standard, group.functionalGroup, group.control],
        destination: name,
        partnership: partnershipOf(partner.sender, partner.receiver),
        setControl: SET_CONTROL,
        transport,
        file: `${standard}-${partner.receiver.id.replaceAll(/[^\w-]/g, '_')}`,
        write: (control, atMs) => writeAcknowledgement(partner, standard, group, control, atMs),
      },
    ];
  });

const isSame = (one: EdiParty, other: EdiParty): boolean =>
  one.qualifier === other.qualifier && one.id === other.id;
