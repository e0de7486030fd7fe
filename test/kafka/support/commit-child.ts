import { writeSync } from 'node:fs';
import { KafkaLog } from '../../../runtime/log/kafka/kafka-log.ts';

/** Commits and appends as fast as it can until it is killed, and prints what it was promised: `commit 7`, `append 12`. */
const log = await KafkaLog.open({
  brokers: (process.env['CHILD_BROKERS'] ?? '').split(','),
  prefix: process.env['CHILD_PREFIX'] ?? '',
  topics: { raw: 1, rows: 2 },
  time: 'recorded',
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const say = (line: string): void => {
  // At once, and not when the process next has time.
  writeSync(1, `${line}\n`);
};

const commits = async (): Promise<never> => {
  for (let epoch = log.epoch('task/0') + 1; ; epoch++) {
    const records = [1, 2, 3].map((n) => ({ key: 'k', heardAt: epoch, value: bytes(`${epoch}/${n}`) }));
    const writes = [0, 1].map((partition) => ({ topic: 'rows', partition, records }));
    await log.commit({ producer: 'task/0', epoch, frontier: epoch, writes, state: bytes(`state ${epoch}`) });
    say(`commit ${epoch}`);
  }
};
const appends = async (): Promise<never> => {
  for (let n = Number(process.env['CHILD_FROM'] ?? 0); ; n++) {
    await log.append('raw', { key: 'k', value: bytes(String(n)) }, { documentId: String(n) });
    say(`append ${n}`);
  }
};
await Promise.all([commits(), appends()]);
