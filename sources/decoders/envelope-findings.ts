import type { EdiFinding } from '../../domain/edi-finding.ts';
import type { EdiParty } from '../../domain/edi-interchange.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { DecodedRecords } from './decoded-records.ts';
import type { RawDocument } from './decoder.ts';

/** What is odd about an envelope, as its reader sees it. */
export type EnvelopeFinding = Omit<EdiFinding, 'id' | 'at' | 'heardAt' | 'source' | 'standard'>;

/** Between whom an interchange is; null outside of any. */
type Partners = { readonly sender: EdiParty; readonly receiver: EdiParty } | null;

/** What came may be as long as it likes. */
const SHOWN = 60;
const shownParty = ({ qualifier, id }: EdiParty): string => `${qualifier}:${id}`.slice(0, SHOWN);

/**
 * Collects what is odd about the envelopes of one document: once for each kind, segment and pair of partners, with how
 * often it came, so that a partner who never counts right is one row a document and not one a message.
 */
export class EnvelopeFindings {
  private readonly found = new Map<string, EnvelopeFinding & { times: number }>();

  get list(): readonly EnvelopeFinding[] {
    return [...this.found.values()];
  }

  add(
    partners: Partners,
    what: Pick<EnvelopeFinding, 'kind' | 'segment' | 'control' | 'byteOffset'> &
      Partial<Pick<EnvelopeFinding, 'said' | 'found'>>,
  ): void {
    const { kind, segment, control, byteOffset, said = null, found = null } = what;
    const sender = partners === null ? null : shownParty(partners.sender);
    const receiver = partners === null ? null : shownParty(partners.receiver);
    const key = JSON.stringify([kind, segment, sender, receiver]);
    const known = this.found.get(key);
    if (known !== undefined) {
      known.times += 1;
      return;
    }
    this.found.set(key, {
      kind,
      sender,
      receiver,
      segment,
      control: control.slice(0, SHOWN),
      said: said?.slice(0, SHOWN) ?? null,
      found,
      byteOffset,
      times: 1,
    });
  }
}

/** After all records of a document, whose positions stay what they are without its findings. */
export const tellFindings = (
  records: DecodedRecords,
  document: RawDocument,
  standard: EdiFinding['standard'],
  findings: readonly EnvelopeFinding[],
): void => {
  for (const finding of findings) {
    const source = records.provenance(null);
    const id = stableId('edi-finding', source.feed, source.document, source.position);
    const { heardAt } = document;
    records.push({ type: 'edi_finding', value: { id, at: heardAt, heardAt, source, standard, ...finding } });
  }
};
