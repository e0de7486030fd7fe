import { parse } from 'yaml';
import { tmsMapping } from '../../../../domain/tms-mapping.ts';
import type { Log } from '../../../../runtime/log/log.ts';
import type { Channel, SendContext } from '../../../../sinks/outbox/channel.ts';
import { compileMapping, type CompiledMapping } from '../../../../sinks/outbox/tms/compile-mapping.ts';
import { tmsRest } from '../../../../sinks/outbox/tms/tms-rest.ts';
import { MemoryLog } from '../../../support/memory-log.ts';

/** A mapping from its YAML, without the file. */
export const mappingOf = (actions: string, honoured = true): CompiledMapping =>
  compileMapping(
    tmsMapping.parse({
      name: 'test',
      version: 1,
      idempotency: { honoured },
      actions: parse(actions) as unknown,
    }),
    'rules/tms/test.yaml',
  );

export const channelTo = (
  url: string,
  mapping: CompiledMapping,
  log: Pick<Log, 'append'> = new MemoryLog({ topics: { raw: 1 } }),
): Channel =>
  tmsRest({
    name: 'tms',
    url,
    mapping,
    headers: { authorization: 'Bearer secret' },
    ingestAs: 'tms-answers',
    log,
    clock: { now: () => 0 },
  });

export const attempt = (number = 1, changes: Partial<SendContext> = {}): SendContext => ({
  attempt: number,
  signal: AbortSignal.timeout(10_000),
  ...changes,
});
