import { setTimeout as sleep } from 'node:timers/promises';
import { exceptions } from '../../pipelines/topics.ts';
import type { Forewarn } from '../../runtime/wire/start-forewarn.ts';
import { threadTime } from './start-sender.ts';

export const POLL_MS = 50;

/** When each shipment's first exception could be seen, by shipment. */
export interface Watching {
  readonly inTopic: ReadonlyMap<string, number>;
  readonly inTable: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Reads the topic whenever the log has moved, and asks ClickHouse every 50 ms what is new in the table. */
export const watchExceptions = (line: Forewarn, category: string): Watching => {
  const { log, storage } = line;
  const inTopic = new Map<string, number>();
  const inTable = new Map<string, number>();
  const next = Array.from({ length: log.partitionsOf(exceptions.name) }, (_, partition) =>
    log.end(exceptions.name, partition),
  );
  const from = log.closedUntil;

  const note = (seen: Map<string, number>, shipmentId: string): void => {
    if (!seen.has(shipmentId)) seen.set(shipmentId, threadTime());
  };
  const readTopic = async (): Promise<void> => {
    for (const partition of next.keys()) {
      while (next[partition]! < log.end(exceptions.name, partition)) {
        const records = await log.read(exceptions.name, partition, next[partition]!);
        for (const record of records) {
          const row = exceptions.read(record);
          if (row.category === category) note(inTopic, row.shipmentId);
        }
        next[partition] = records.at(-1)!.offset + 1;
      }
    }
  };
  let reading: Promise<void> | undefined;
  const unsubscribe = log.onAdvance(() => {
    reading ??= readTopic().finally(() => {
      reading = undefined;
    });
  });

  let isStopping = false;
  const poll = async (): Promise<void> => {
    while (!isStopping) {
      const answer = await storage.client.query({
        query:
          'SELECT shipment_id FROM exceptions WHERE category = {category:String} AND heard_at > {from:DateTime64(3)}',
        query_params: { category, from: new Date(from) },
        format: 'JSONEachRow',
      });
      for (const row of await answer.json<{ shipment_id: string }>()) note(inTable, row.shipment_id);
      await sleep(POLL_MS);
    }
  };
  const polling = poll();
  return {
    inTopic,
    inTable,
    stop: async () => {
      isStopping = true;
      unsubscribe();
      await Promise.all([polling, reading]);
    },
  };
};
