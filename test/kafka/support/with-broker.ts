import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startBroker } from './broker.ts';

/** `with-broker <command> …`: runs a command with KAFKA_BROKERS set to a broker that is there as long as the command. */
const [command, ...args] = process.argv.slice(2);
const broker = await startBroker({ isMeasured: true });
const child = spawn(command!, args, {
  stdio: 'inherit',
  env: { ...process.env, KAFKA_BROKERS: broker.address },
});
const [code] = (await once(child, 'exit')) as [number | null];
await broker.stop();
process.exitCode = code ?? 1;
