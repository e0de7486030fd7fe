import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PortLog } from '../../runtime/log/port/port-log.ts';
import { type LogUse, useLog } from './use-log.ts';

/** Uses the log of the main thread as `useLog` does there. */
const { port, use } = workerData as { readonly port: MessagePort; readonly use: LogUse };
const log = await PortLog.open(port);
parentPort!.postMessage(await useLog(log, use));
