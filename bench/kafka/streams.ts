import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';
import { runProcess } from '../nexmark/child-process.ts';

const SOURCES = join(packageRoot, 'bench', 'kafka', 'streams');

/** What was fetched once stays here, outside the repository. */
const cacheFolder = (): string =>
  process.env['FOREWARN_KAFKA_CACHE'] ?? join(homedir(), '.cache', 'forewarn-kafka');

/** Fetches Kafka Streams by Maven the first time, compiles the peer into `folder`, and answers its class path. */
export const buildStreams = async (folder: string): Promise<string> => {
  const kept = join(cacheFolder(), 'kafka-streams-4.4.0');
  if (!existsSync(kept)) {
    const made = `${kept}.${process.pid}`;
    mkdirSync(made, { recursive: true });
    await runProcess('mvn', [
      '-B',
      '-q',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${made}`,
      '-f',
      join(SOURCES, 'pom.xml'),
    ]);
    if (existsSync(kept)) rmSync(made, { recursive: true });
    else renameSync(made, kept);
  }
  const jars = join(kept, '*');
  const classes = join(folder, 'classes');
  await runProcess('javac', ['-nowarn', '-cp', jars, '-d', classes, join(SOURCES, 'Streams.java')]);
  return `${classes}:${jars}`;
};
