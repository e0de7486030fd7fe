import { MessageChannel } from 'node:worker_threads';
import type { LineLog, Log } from '../../runtime/log/log.ts';
import type { PackedLog } from '../../runtime/log/packed.ts';
import { PortLog } from '../../runtime/log/port/port-log.ts';
import { serveLog } from '../../runtime/log/port/serve-log.ts';

/** Everybody who commits in the contract of logs. */
export const contractProducers = ['task/0', 'task/1', 'a/0', 'b/0', 'c/0', 'other/0'];

/** What a task uses of a log goes over the port; the rest is asked of the log itself, as a process does. */
export const logOverPort = async (
  log: LineLog | (LineLog & PackedLog),
  topics: Readonly<Record<string, number>>,
): Promise<LineLog> => {
  const { port1, port2 } = new MessageChannel();
  const opening = PortLog.open(port2);
  const stop = serveLog(port1, { log, topics, producers: contractProducers });
  const remote = await opening;
  const over = (name: keyof Log) => {
    const value = remote[name as keyof PortLog] as unknown;
    return typeof value === 'function' ? (value.bind(remote) as unknown) : value;
  };
  const ofTasks = new Set<string | symbol>([
    'partitionsOf',
    'partitionFor',
    'append',
    'commit',
    'read',
    'end',
    'epoch',
    'frontier',
    'publishFrontier',
    'onAdvance',
    'closedUntil',
    'stampers',
  ] satisfies (keyof Log)[]);
  return new Proxy(log, {
    get: (whole, name) => {
      if (ofTasks.has(name)) return over(name as keyof Log);
      if (name === 'close')
        return async () => {
          await remote.close();
          stop();
          await whole.close();
        };
      const value = Reflect.get(whole, name) as unknown;
      return typeof value === 'function' ? (value.bind(whole) as unknown) : value;
    },
  });
};
