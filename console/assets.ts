import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { packageRoot } from '../runtime/package-root.ts';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * Every file of the page by its URL path, read once: what a browser may ask for is this list and nothing else.
 * HTML and CSS are served as written, the modules as compiled into `dist/console/page/`.
 */
export const loadAssets = async (root: string = packageRoot): Promise<ReadonlyMap<string, Asset>> => {
  const assets = new Map<string, Asset>();
  const add = async (folder: string, wanted: readonly string[]): Promise<void> => {
    for (const name of await readdir(folder).catch(() => [])) {
      const type = types[extname(name)];
      if (type === undefined || !wanted.includes(extname(name))) continue;
      const body = await readFile(join(folder, name));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      assets.set(name === 'index.html' ? '/' : `/${name}`, { body, type, etag });
    }
  };
  await add(join(root, 'console', 'page'), ['.html', '.css', '.svg']);
  await add(join(root, 'dist', 'console', 'page'), ['.js']);
  return assets;
};
