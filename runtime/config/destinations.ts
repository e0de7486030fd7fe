import { z } from 'zod';
import { isZone } from '../../domain/local-time.ts';
import { deliverySettings, reference } from './delivery-settings.ts';
import { otmDestination, tmsRestDestination, x12Destination } from './tms-destination.ts';

const whole = (least: number, most: number) => z.int().min(least).max(most);

const isLanguage = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text)[0] === text;
  } catch {
    return false;
  }
};

const language = z
  .string()
  .refine(isLanguage, 'is no language of BCP 47; write one such as en or pt-BR')
  .default('en')
  .meta({ description: 'BCP 47, of those who read it without being named in the directory.' });
const zone = z
  .string()
  .refine(isZone, 'is no IANA zone; write one such as America/Chicago')
  .optional()
  .meta({ description: 'IANA zone of the times that they are told; engine.defaultZone where left out.' });
const secretUrl = reference.meta({
  description: 'Address of the webhook, by reference to the environment: whoever knows it may post.',
});
const to = (description: string) => z.array(z.string().min(3)).default([]).meta({ description });

const webhook = z.strictObject({
  kind: z.literal('webhook').optional(),
  url: z
    .string()
    .meta({ description: 'http(s) address that takes CloudEvents, or a reference to the environment.' }),
  secret: reference
    .optional()
    .meta({ description: 'Standard Webhooks secret, whsec_…, by reference to the environment.' }),
  ...deliverySettings,
});

const email = z.strictObject({
  kind: z.literal('email'),
  host: z.string().min(1).meta({ description: 'Of the SMTP server.' }),
  port: whole(1, 65_535).default(587).meta({ description: '587 for starttls, 465 for tls, 25 for none.' }),
  security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
    description: 'starttls goes on under TLS or not at all; none is for a server on this machine.',
  }),
  caFile: z
    .string()
    .optional()
    .meta({ description: 'PEM file of certificates to trust besides those of the system.' }),
  user: z.string().optional().meta({ description: 'For AUTH, with the password.' }),
  password: reference.optional().meta({ description: 'By reference to the environment.' }),
  from: z.string().min(3).meta({ description: 'Such as Forewarn <noreply@acme.example>.' }),
  replyTo: z.string().optional().meta({ description: 'Where answers go.' }),
  to: to('Who is told when an action names nobody, such as one to the desk.'),
  language,
  zone,
  ...deliverySettings,
});

const slack = z.strictObject({
  kind: z.literal('slack'),
  url: secretUrl,
  language,
  zone,
  ...deliverySettings,
});
const teams = z.strictObject({
  kind: z.literal('teams'),
  url: secretUrl,
  language,
  zone,
  ...deliverySettings,
});

const sms = z.strictObject({
  kind: z.literal('sms'),
  url: z
    .string()
    .default('https://api.twilio.com')
    .meta({ description: 'Of the API of Twilio, or of one that takes the same.' }),
  account: z.string().min(1).meta({ description: 'Account SID.' }),
  token: reference.meta({ description: 'Auth token, by reference to the environment.' }),
  from: z
    .string()
    .min(1)
    .meta({ description: 'A number in E.164, a sender name, or MG… of a messaging service.' }),
  to: to('Numbers that are told when an action names nobody.'),
  language,
  zone,
  ...deliverySettings,
});

const pagerduty = z.strictObject({
  kind: z.literal('pagerduty'),
  url: z
    .string()
    .default('https://events.pagerduty.com/v2/enqueue')
    .meta({ description: 'Of Events API v2; that of the EU region is another.' }),
  routingKey: reference.meta({ description: 'Integration key, by reference to the environment.' }),
  language,
  zone,
  ...deliverySettings,
});

const ticket = z.strictObject({
  kind: z.literal('ticket'),
  url: z.string().meta({ description: 'Of the CRM or ticket system; the mapping gives the path behind it.' }),
  mapping: z.string().min(1).meta({ description: 'Name of a file in rules/tickets, without .yaml.' }),
  user: z.string().optional().meta({ description: '{{ user }} in the headers of the mapping.' }),
  secret: reference
    .optional()
    .meta({ description: '{{ secret }} in the headers of the mapping, by reference to the environment.' }),
  language,
  zone,
  ...deliverySettings,
});

/** Where actions go: by `kind`, and a webhook where none is said. Each kind has its channel in `runtime/wire/channels.ts`. */
export const destination = z.discriminatedUnion('kind', [
  webhook,
  email,
  slack,
  teams,
  sms,
  pagerduty,
  ticket,
  tmsRestDestination,
  otmDestination,
  x12Destination,
]);
export type DestinationSettings = z.infer<typeof destination>;
