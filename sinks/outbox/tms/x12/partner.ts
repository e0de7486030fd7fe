import type { EdiParty } from '../../../../domain/edi-interchange.ts';

/** How one partner wants a 214 of ours written. */
export interface X12Partner {
  readonly sender: EdiParty;
  readonly receiver: EdiParty;
  /** GS02 and GS03. */
  readonly groupSender: string;
  readonly groupReceiver: string;
  readonly version: '004010' | '005010';
  /** ISA15: production or test. */
  readonly usage: 'P' | 'T';
  readonly delimiters: {
    readonly element: string;
    readonly segment: string;
    readonly component: string;
    /** ISA11 of 5010; 4010 has none. */
    readonly repetition: string;
  };
  /** B10-03, where the carrier of the shipment has no SCAC of its own. */
  readonly scac: string;
  /** AT7-01 of a prediction: AG, estimated delivery, or X2, estimated arrival at the consignee. */
  readonly estimate: 'AG' | 'X2';
  /** L11-02 beside the shipment's id: what it is to this partner, such as LO or BM. */
  readonly shipmentQualifier: string;
}

/** Longest reference, element 127: 30 characters in 4010, 50 from 5010 on. */
export const referenceWidth = ({ version }: X12Partner): number => (version === '004010' ? 30 : 50);
