import type { FastifyPluginAsync, preHandlerAsyncHookHandler } from 'fastify';
import type { MessageTemplates } from '../../sinks/outbox/templates/message-templates.ts';
import { previewMessage } from '../../sinks/outbox/templates/preview-message.ts';
import { problem } from '../../sources/http/problem.ts';

export interface PreviewRoutesOptions {
  readonly templates: () => MessageTemplates;
  /** IANA zone of the reader. */
  readonly zone: string;
  readonly requireScope: (scope: 'read') => preHandlerAsyncHookHandler;
}

interface PreviewRequest {
  readonly Params: { readonly name: string };
  readonly Querystring: { readonly language?: string; readonly zone?: string };
}

/** Which templates there are, and what one says of a shipment that does not exist, as the HTML of an e-mail. */
export const previewRoutes: FastifyPluginAsync<PreviewRoutesOptions> = (app, options) => {
  const { templates, zone, requireScope } = options;
  const read = { preHandler: requireScope('read') };
  app.setErrorHandler(problem);

  app.get('/v1/templates', read, () =>
    templates().names.map((name) => ({ name, languages: templates().languagesOf(name) })),
  );
  app.get<PreviewRequest>('/v1/templates/:name/preview', read, (request, reply) => {
    const { language = 'en', zone: own = zone } = request.query;
    const reader = { language, zone: own, name: 'Ada Lovelace' };
    const { message } = previewMessage(templates(), request.params.name, { reader });
    // Templates are people's own: what they write runs nothing and loads nothing here.
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .type('text/html; charset=utf-8')
      .send(message.html);
  });
  return Promise.resolve();
};
