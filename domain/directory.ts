import { z } from 'zod';
import { eventBase } from './event.ts';
import { id, word } from './schema.ts';

/** Kinds of address by which a person can be reached. */
export const addressKinds = ['email', 'phone', 'webhook', 'slack', 'teams'] as const;
export type AddressKind = (typeof addressKinds)[number];

export const contactRoles = ['customer', 'consignee', 'carrier'] as const;

/** A person, or an office, that is told about a customer's shipments. */
export const contact = z.object({
  id,
  name: z.string().max(200).default(''),
  /** As whom it is told: messages of type `notify_consignee` go to contacts of the role `consignee`. */
  role: z.enum(contactRoles).default('customer'),
  /** BCP 47, such as `en` or `pt-BR`; templates fall back from `pt-BR` to `pt` to `en`. */
  language: z.string().min(2).max(35).default('en'),
  /** IANA zone in which its quiet hours lie; null: that of the customer's terms. */
  zone: z.string().max(60).nullable().default(null),
  email: z.string().max(320).nullable().default(null),
  /** E.164, such as `+4930123456`. */
  phone: z.string().max(40).nullable().default(null),
  /** Destinations of `forewarn.yaml` by which it does not want to be told, or `*` for all. */
  optOut: z.array(word).default([]),
});
export type Contact = z.infer<typeof contact>;

/** Whom to tell for a customer. The latest one of a customer counts, whole. */
export const directory = eventBase.extend({
  customerId: id,
  contacts: z.array(contact).max(200),
});
export type Directory = z.infer<typeof directory>;
