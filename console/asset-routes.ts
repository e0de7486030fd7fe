import type { FastifyPluginAsync } from 'fastify';
import { loadAssets } from './assets.ts';

/** Nothing from anywhere else, nothing inline, no frame around it, no form that leaves. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page itself: open to whoever reaches the port, for there is no data in it. */
export const assetRoutes: FastifyPluginAsync<{ readonly root?: string }> = async (app, { root }) => {
  for (const [path, asset] of await loadAssets(root)) {
    app.get(path, async (request, reply) => {
      reply
        .header('cache-control', 'no-cache')
        .header('etag', asset.etag)
        .header('content-security-policy', contentSecurityPolicy)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer');
      const known = request.headers['if-none-match']?.split(/,\s*/) ?? [];
      if (known.includes(asset.etag)) return reply.code(304).send();
      return reply.type(asset.type).send(asset.body);
    });
  }
};
