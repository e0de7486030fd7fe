import { z } from 'zod';
import { reference } from './delivery-settings.ts';

const secret = reference.meta({
  description: 'The secret that the sender signs with, by reference to the environment.',
});
const toleranceSec = z
  .int()
  .min(1)
  .max(86_400)
  .default(300)
  .meta({ description: 'Seconds that the signed time may be from our clock, either way.' });

/** How the sender of a source signs what it posts to `/v1/ingest/<source>`. */
export const webhook = z.discriminatedUnion('scheme', [
  z.strictObject({
    scheme: z.literal('easypost').meta({ description: 'HMAC of the body, header X-Hmac-Signature.' }),
    secret,
  }),
  z.strictObject({
    scheme: z.literal('aftership').meta({ description: 'HMAC of the body, header aftership-hmac-sha256.' }),
    secret,
  }),
  z.strictObject({
    scheme: z
      .literal('standard')
      .meta({ description: 'Standard Webhooks: id, timestamp and body, secret whsec_….' }),
    secret,
    toleranceSec,
  }),
  z.strictObject({
    scheme: z
      .literal('shipengine')
      .meta({ description: 'RSA-SHA256 of timestamp and body, by the sender’s public keys.' }),
    keysUrl: z
      .url({ protocol: /^https$/ })
      .default('https://api.shipengine.com/jwks')
      .meta({ description: 'Address of the sender’s keys (JWKS).' }),
    keysFile: z.string().optional().meta({
      description: 'Or a file of them: a JWKS, or one RSA public key in PEM. Then no address is asked.',
    }),
    toleranceSec,
  }),
]);
