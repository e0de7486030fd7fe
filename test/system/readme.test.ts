import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as nap } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardView } from '../../console/page/contract.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { codeBlocks, textOf } from '../docs/documents.ts';
import { until } from '../support/until.ts';
import { canRunLine, type RunningLine, startLine } from './running-line.ts';

const hasCurl = (): boolean => {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: the commands of the README, for there is no curl');
    return false;
  }
};

/** Commands of the README's section on own data, one a line. */
const commands = codeBlocks(textOf('README.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.split('\n'))
  .filter((line) => /^(?:curl|mkdir) /.test(line));

const run = promisify(execFile);

describe.skipIf(!hasCurl() || !canRunLine())('what the README says about own data', () => {
  let folder: string;
  let receiver: Server;
  let line: RunningLine;
  /** Types of the events that the receiver got, by path. */
  const received: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-readme-'));
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        received.push(`${request.url} ${(JSON.parse(body) as { type: string }).type}`);
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const config = join(folder, 'forewarn.yaml');
    const example = await readFile(join(packageRoot, 'docs', 'examples', 'forewarn.yaml'), 'utf8');
    await writeFile(
      config,
      example.replaceAll(':9000', `:${port}`).replace('./inbox', join(folder, 'inbox')),
    );
    line = await startLine({ config, data: join(folder, 'data') });
  });

  afterAll(async () => {
    line?.send('SIGTERM');
    // It stops by itself within ten seconds; a test of its own holds it to that.
    await Promise.race([line?.exited, nap(20_000)]);
    await line?.kill();
    receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  const type = (command: string): Promise<{ stdout: string }> => {
    const here = command
      .replaceAll('http://127.0.0.1:8080', line.url)
      .replaceAll('inbox/', `${join(folder, 'inbox')}/`)
      .replace(/ {3}#.*$/, '');
    return run('sh', ['-c', here], { cwd: packageRoot });
  };
  const board = async (): Promise<BoardView> =>
    (await (await fetch(`${line.url}/v1/exceptions?state=all`)).json()) as BoardView;
  const damage = async () => (await board()).rows.find(({ exception }) => exception.category === 'damage');
  const documents = commands.filter((command) => command.includes('/v1/ingest/'));

  it('takes every document, and the damage becomes an exception of the right shipment', async () => {
    expect(documents).toHaveLength(4);
    for (const command of documents) {
      expect(JSON.parse((await type(command)).stdout)).toMatchObject({ duplicate: false });
    }
    await until('the damage is seen', async () => (await damage()) !== undefined, 60_000);
    expect((await damage())?.exception).toMatchObject({
      shipmentId: 'S-4711',
      customerId: 'acme',
      tier: 'priority',
      carrier: 'EXFR',
      kind: 'detected',
    });
  });

  it('recognises the interchange when it comes again', async () => {
    const again = documents.find((command) => command.includes('edi-x12')) ?? '';
    expect(JSON.parse((await type(again)).stdout)).toMatchObject({ duplicate: true });
  });

  it('sends what the playbook says, and the claim once it is approved', async () => {
    await until(
      'the customer is told',
      () => received.includes('/customer io.forewarn.action.notify_customer.v1'),
      60_000,
    );
    const claim = (await damage())?.actions.find(({ state }) => state === 'awaiting_approval');
    expect(claim).toMatchObject({ type: 'open_claim', role: 'claims' });
    expect(received.join('\n')).not.toContain('open_claim');
    const approve = commands.find((command) => command.includes('ACTION_ID')) ?? '';
    expect(JSON.parse((await type(approve.replace('ACTION_ID', claim?.id ?? ''))).stdout)).toHaveProperty(
      'decision',
    );
    await until(
      'the claim is opened',
      () => received.includes('/tms io.forewarn.action.open_claim.v1'),
      60_000,
    );
  });

  it('takes the dropped file, and the delivery closes the shipment', async () => {
    await type(commands.find((command) => command.startsWith('mkdir')) ?? '');
    await until('the shipment has ended', async () => (await board()).totals.outcomes === 1, 60_000);
    expect(existsSync(join(folder, 'inbox', 'done', 'exfr', 'delivered.ndjson'))).toBe(true);
    const { recent } = await board();
    expect(recent.map(({ outcome }) => outcome)).toContainEqual(
      expect.objectContaining({ shipmentId: 'S-4711', breached: true }),
    );
  });
});
