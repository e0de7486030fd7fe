import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryName } from '../queries.ts';
import type { Command, Peer, Place } from './peer.ts';

const allQueries: readonly QueryName[] = ['q0', 'q1', 'q2', 'q5', 'q7', 'q8', 'qij'];

const classesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(folder, name));

/** Jars from Maven Central once, classes anew each time: they take seconds. */
const buildJava = (
  project: string,
  { folder }: Place,
): readonly (Command & { readonly makes?: string })[] => {
  const cwd = join(folder, 'java', project);
  const sources = [...classesOf(join(folder, 'java', 'common', 'nex')), ...classesOf(cwd)];
  return [
    {
      command: 'mvn',
      args: ['-q', '-B', 'dependency:build-classpath', '-Dmdep.outputFile=cp.txt'],
      cwd,
      makes: join(cwd, 'cp.txt'),
    },
    {
      command: 'bash',
      args: ['-c', 'mkdir -p out && javac -nowarn -d out -cp "$(cat cp.txt)" "$@"', 'javac', ...sources],
      cwd,
    },
  ];
};

const javaPeer = (
  one: Pick<Peer, 'name' | 'about' | 'queries' | 'modes'> & {
    readonly project: string;
    readonly argsOf: (query: QueryName, mode: string, data: string) => readonly string[];
  },
): Peer => ({
  name: one.name,
  about: one.about,
  part: 'java',
  tools: ['java', 'javac', 'mvn'],
  queries: one.queries,
  modes: one.modes,
  build: (place) => buildJava(one.project, place),
  start: ({ folder, temp }, { query, mode, data }) => ({
    command: 'bash',
    args: ['run.sh', `-Djava.io.tmpdir=${temp}`, ...one.argsOf(query, mode, data)],
    cwd: join(folder, 'java', one.project),
  }),
});

const CHECKPOINT_MS = '1000';

export const javaPeers: readonly Peer[] = [
  javaPeer({
    name: 'flink',
    about: 'Flink DataStream in one JVM, parallelism 1, heap state, checkpoint every second: exactly once',
    project: 'flink',
    queries: allQueries,
    modes: ['mem', 'file'],
    argsOf: (query, mode, data) => ['FlinkDS', query, mode, '1', CHECKPOINT_MS, data],
  }),
  javaPeer({
    name: 'flink-sql',
    about: 'Flink SQL in one JVM, parallelism 1, checkpoint every second: exactly once',
    project: 'flink',
    queries: allQueries,
    modes: ['file'],
    argsOf: (query, _mode, data) => ['FlinkSQL', query, '1', CHECKPOINT_MS, data],
  }),
  javaPeer({
    name: 'jet',
    about: 'Hazelcast Jet, one member, one cooperative thread, snapshot every second: exactly once',
    project: 'jet',
    queries: allQueries,
    modes: ['mem', 'file'],
    argsOf: (query, mode, data) => ['Jet', query, mode, '1', 'eo', data],
  }),
  javaPeer({
    name: 'kstreams',
    about: 'Kafka Streams in its test driver, stores in memory, no broker; nothing is guaranteed',
    project: 'kstreams',
    queries: ['q0', 'q1', 'q2', 'q5', 'q8', 'qij'],
    modes: ['file'],
    argsOf: (query, _mode, data) => ['KS', query, 'ttd', '1', 'alo', 'mem', data],
  }),
];
