import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const KAFKA = '4.4.0';
/** Without it a broker logs nothing, not even why it does not start. */
const LOG4J = '2.25.5';

/** What was fetched once stays here, outside the repository. */
export const cacheFolder = (): string =>
  process.env['FOREWARN_KAFKA_CACHE'] ?? join(homedir(), '.cache', 'forewarn-kafka');

/** Whether a program can be started here. */
export const has = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>forewarn</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG4J}</version></dependency>
  </dependencies>
</project>
`;

/** Class path of Kafka's own server and tools, fetched by Maven the first time: 45 jars, 43 MB. */
export const kafkaJars = (): string => {
  const folder = join(cacheFolder(), `kafka-${KAFKA}`);
  if (!existsSync(folder)) {
    const made = `${folder}.${process.pid}`;
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, 'pom.xml'), pom);
    const goal = ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
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
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(jars, name))
    .join(':');
};
