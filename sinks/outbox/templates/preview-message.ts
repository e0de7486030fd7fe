import { dispatch, type Dispatch } from '../../../domain/dispatch.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { nearestWord } from '../../../runtime/rules/nearest-word.ts';
import { sampleFacts } from './message-facts.ts';
import type { MessageTemplates } from './message-templates.ts';
import type { Message, Reader } from './message.ts';

export interface PreviewWish {
  readonly reader: Reader;
  /** Laid over those of the sample. */
  readonly facts?: Dispatch['facts'];
  /** Shipments of a digest. */
  readonly covers?: Dispatch['covers'];
}

export interface PreviewedMessage {
  /** The made-up action that the message is of. */
  readonly action: Dispatch;
  readonly message: Message;
}

/** What a template says of a shipment that does not exist. FW711 when there is no template of this name. */
export const previewMessage = (
  templates: MessageTemplates,
  template: string,
  { reader, facts = {}, covers = [] }: PreviewWish,
): PreviewedMessage => {
  if (!templates.names.includes(template)) {
    const nearest = nearestWord(template, templates.names);
    throw new ForewarnError(
      'FW711',
      `there is no template "${template}"; ${nearest === null ? `there are ${templates.names.join(', ')}` : `did you mean ${nearest}?`}`,
    );
  }
  const action = dispatch.parse({
    id: 'preview',
    version: 1,
    at: 0,
    heardAt: 0,
    exceptionId: 'EXCEPTION-1',
    shipmentId: 'SHIPMENT-1',
    customerId: 'ACME',
    type: 'notify_customer',
    playbook: 'preview',
    step: 'preview',
    destination: null,
    template,
    authority: 'auto',
    state: 'due',
    role: null,
    approvalDueAt: null,
    expiresAt: null,
    costMinor: 0,
    decidedBy: null,
    decidedReason: null,
    dueAt: null,
    sentAt: null,
    facts: { ...sampleFacts, ...facts },
    covers,
  });
  return { action, message: templates.render(action, reader) };
};
