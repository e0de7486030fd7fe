import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * What the ingest is measured against, in a process of its own: `yardstick-server.js [file]`. Takes any body and
 * answers 202; with a file it first writes the body there and waits for the disk, each body by itself. Prints its port.
 */
const path = process.argv[2];
const file = path === undefined ? undefined : await open(path, 'w');
let end = 0;

const keep = async (body: Buffer): Promise<void> => {
  if (file === undefined) return;
  const at = end;
  end += body.length;
  await file.write(body, 0, body.length, at);
  await file.datasync();
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void keep(Buffer.concat(chunks)).then(() => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end('{"taken":true}');
    });
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
