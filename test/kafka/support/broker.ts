import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endsWithParent } from '../../support/ends-with-parent.ts';
import { removeUnlessKept } from '../../support/remove-unless-kept.ts';
import { until } from '../../support/until.ts';
import { kafkaJars } from './kafka-jars.ts';

export interface Broker {
  /** `127.0.0.1:<port>`, as it tells everybody. */
  readonly address: string;
  /** Where it listens itself. */
  readonly port: number;
  /** Kills it as a power cut would kill the process; what it had synced or the system still has stays. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port and folder. */
  readonly restart: (options?: Pick<BrokerOptions, 'launcher'>) => Promise<void>;
  readonly isRunning: () => boolean;
  /** Stops the process in the middle of whatever it does; `resume` lets it go on. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

const CLUSTER = 'Zm9yZXdhcm4tdGVzdHMtMQ';

/** Code is compiled once and not well: a start takes two thirds of the CPU that it takes else. */
const FOR_A_SHORT_LIFE = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const FOR_A_LONG_ONE = ['-XX:+UseSerialGC'];

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const properties = (folder: string, port: number, controllerPort: number, advertisedPort: number): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    // How often it looks for transactions that have been open for too long.
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1_000,
    'group.initial.rebalance.delay.ms': 0,
    // By default no member may be taken for dead in less than 6 s.
    'group.min.session.timeout.ms': 1_000,
    'auto.create.topics.enable': false,
    // Else a restart after SIGKILL takes 14 s instead of 7.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join('');

export interface BrokerOptions {
  /** Port of what stands before it, which everybody is told to use. */
  readonly behind?: number;
  /** Put before `java`, such as limits of a shell. */
  readonly launcher?: readonly string[];
  /** Its speed is measured: it is to be as fast as it can, though not at once. */
  readonly isMeasured?: boolean;
}

/** A real Kafka broker of one node (KRaft), on free ports and in a folder of its own. Takes 6 to 10 s to start. */
export const startBroker = async ({
  behind,
  launcher = [],
  isMeasured = false,
}: BrokerOptions = {}): Promise<Broker> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-kafka-'));
  const jars = kafkaJars();
  const port = await freePort();
  const configuration = join(folder, 'server.properties');
  const log = join(folder, 'broker.log');
  await writeFile(configuration, properties(folder, port, await freePort(), behind ?? port));
  execFileSync(
    'java',
    [
      ...FOR_A_SHORT_LIFE,
      '-cp',
      jars,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      CLUSTER,
      '-c',
      configuration,
    ],
    {
      stdio: 'pipe',
    },
  );
  let broker: ChildProcess;
  const start = async (before: readonly string[]): Promise<void> => {
    const output = openSync(log, 'a');
    const life = isMeasured ? FOR_A_LONG_ONE : FOR_A_SHORT_LIFE;
    const java = ['java', '-Xmx512m', ...life, '-cp', jars, 'kafka.Kafka', configuration];
    const [program, ...args] = [...before, ...java];
    broker = spawn(...endsWithParent(program!, args), { stdio: ['ignore', output, output] });
    await until(
      'the broker takes connections',
      async () => {
        if (broker.exitCode !== null)
          throw new Error(`the broker ended: ${(await readFile(log, 'utf8')).slice(-2_000)}`);
        return answers(port);
      },
      120_000,
    );
  };
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (broker.exitCode !== null || broker.signalCode !== null) return resolve();
      broker.once('exit', () => resolve());
      broker.kill(signal);
    });
  await start(launcher);
  return {
    address: `127.0.0.1:${behind ?? port}`,
    port,
    kill: () => end('SIGKILL'),
    restart: (options) => start(options?.launcher ?? launcher),
    isRunning: () => broker.exitCode === null && broker.signalCode === null,
    pause: () => broker.kill('SIGSTOP'),
    resume: () => broker.kill('SIGCONT'),
    stop: async () => {
      broker.kill('SIGCONT');
      await end('SIGKILL');
      await removeUnlessKept(folder);
    },
  };
};
