import { inject } from 'vitest';

const kafka = inject('kafka');

/** Why there is no Kafka here; undefined where there is. */
export const kafkaMissing = 'missing' in kafka ? kafka.missing : undefined;

/** Addresses of the broker that all tests share: whoever writes takes a prefix of its own. */
export const brokers = 'brokers' in kafka ? kafka.brokers : [];

/** How long a member of a group may be silent: brokers that are not ours allow no less than 6 s. */
export const sessionMs = process.env['KAFKA_BROKERS'] === undefined ? 3_000 : 6_000;

let prefixes = 0;
/** A prefix that nobody had before, whichever broker it is. */
export const freshPrefix = (): string => `test-${process.pid}-${Date.now().toString(36)}-${(prefixes += 1)}`;
