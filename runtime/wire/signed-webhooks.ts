import { type Webhooks, webhooksOf } from '../../sources/http/webhooks/webhook-sources.ts';
import { wallClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The sources of `partners` whose senders sign. Their clocks are the world's, whatever time the log runs on. */
export const signedWebhooks = (partners: Config['partners'], metrics: Metrics): Webhooks =>
  webhooksOf({
    sources: Object.fromEntries(
      Object.entries(partners).flatMap(([source, { webhook }]) =>
        webhook === undefined ? [] : [[source, webhook]],
      ),
    ),
    now: () => wallClock.now(),
    fetch: (url, init) => fetch(url, init),
    onRefused: (source, why) => metrics.webhookRefused(source, why),
  });
