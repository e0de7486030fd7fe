import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Not 4.3.0 or 4.4.0: docs/kafka.md says what those forget when they start again. */
const KAFKA = '4.1.1';
/** Without it a broker logs nothing, not even why it does not start. */
const LOG4J = '2.25.5';

/** What was fetched once stays here, outside the repository. */
export const cacheFolder = (): string =>
  process.env['FOREWARN_KAFKA_CACHE'] ?? join(homedir(), '.cache', 'forewarn-kafka');

/** Whether a program can be started here. */
export const has = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;

const dependencyOf = ([group, artifact, version]: readonly [string, string, string]): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const pomOf = (
  dependencies: readonly (readonly [string, string, string])[],
): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>forewarn</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependencies.map(dependencyOf).join('\n    ')}
  </dependencies>
</project>
`;

/** Jars of these dependencies as a class path, fetched by Maven the first time. */
const fetched = (name: string, pom: string, ...options: readonly string[]): string => {
  const folder = join(cacheFolder(), name);
  if (!existsSync(folder)) {
    const made = `${folder}.${process.pid}`;
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, 'pom.xml'), pom);
    const goal = ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime', ...options];
    execFileSync('mvn', [...goal, `-DoutputDirectory=${join(made, 'jars')}`], {
      cwd: made,
      stdio: 'inherit',
    });
    try {
      renameSync(made, folder);
    } catch (error) {
      // Another run was faster.
      if (!existsSync(folder)) throw error;
      rmSync(made, { recursive: true });
    }
  }
  const jars = join(folder, 'jars');
  return readdirSync(jars)
    .filter((file) => file.endsWith('.jar'))
    .map((file) => join(jars, file))
    .join(':');
};

/** Class path of Kafka's own server, fetched the first time: 45 jars, 43 MB. */
export const kafkaJars = (): string =>
  fetched(
    `kafka-${KAFKA}`,
    pomOf([
      ['org.apache.kafka', 'kafka_2.13', KAFKA],
      ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J],
    ]),
  );

/** The same with Kafka's command line tools, such as the console producer of the Java client. */
export const kafkaTools = (): string =>
  `${fetched(`kafka-tools-${KAFKA}`, pomOf([['org.apache.kafka', 'kafka-tools', KAFKA]]), '-DexcludeTransitive=true')}:${kafkaJars()}`;
