import type { Config } from '../config/config.ts';

/** Destinations whose receivers keep an alert open until they hear that it is over. */
export const keepsAlertsOpen = (destinations: Config['destinations']): readonly string[] =>
  Object.entries(destinations).flatMap(([name, { kind }]) => (kind === 'pagerduty' ? [name] : []));
