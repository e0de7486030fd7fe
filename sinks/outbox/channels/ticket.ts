import type { Dispatch } from '../../../domain/dispatch.ts';
import type { TicketRequest } from '../../../domain/ticket-mapping.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { httpAddress, type HttpAnswer, httpClient } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';
import { messageFacts } from '../templates/message-facts.ts';
import { templateNames } from '../templates/message-templates.ts';
import { basicCredentials, withoutSecrets } from '../without-secrets.ts';
import type { LoadedTicketMapping } from './load-ticket-mapping.ts';
import type { ChatOptions } from './slack.ts';

export interface TicketOptions extends ChatOptions {
  readonly mapping: LoadedTicketMapping;
  readonly user?: string | undefined;
  readonly secret?: string | undefined;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Render<T> = (facts: object) => T;

interface CompiledRequest {
  readonly method: TicketRequest['method'];
  readonly path: Render<string>;
  readonly headers: Render<Record<string, string>>;
  readonly body: Render<unknown>;
}

/** What a mapping may name besides the facts: the message, as it is in the language of the destination. */
const saidNames = ['subject', 'text', 'short'];
const secretNames = ['secret', 'user'];

/** The texts of a mapping as templates; FW103 in one line for what is none. */
const compile = (
  request: TicketRequest,
  path: string,
  { mapping, reader, templates }: TicketOptions,
): CompiledRequest => {
  const reading = { locale: reader.language, zone: reader.zone };
  const options = (key: string, more: readonly string[] = []) => ({
    names: [...templateNames, ...saidNames, ...more],
    place: `${mapping.place} ${path}.${key}`,
  });
  const texts = templates.engine(reader.language, 'text');
  const compileJson = (value: Json, key: string): Render<unknown> => {
    if (typeof value === 'string') {
      const compiled = texts.compileValue(value, options(key));
      return (facts) => compiled.render(facts, reading) ?? null;
    }
    if (typeof value !== 'object' || value === null) return () => value;
    if (Array.isArray(value)) {
      const items = (value as readonly Json[]).map((item, index) => compileJson(item, `${key}[${index}]`));
      return (facts) => items.map((item) => item(facts));
    }
    const entries = Object.entries(value).map(
      ([name, item]) => [name, compileJson(item as Json, `${key}.${name}`)] as const,
    );
    return (facts) => Object.fromEntries(entries.map(([name, item]) => [name, item(facts)]));
  };
  const address = templates.engine(reader.language, 'url').compile(request.path, options('path'));
  const headers = Object.entries(request.headers).map(
    ([name, text]) => [name, texts.compile(text, options(`headers.${name}`, secretNames))] as const,
  );
  return {
    method: request.method,
    path: (facts) => address.render(facts, reading),
    headers: (facts) =>
      Object.fromEntries(
        headers.map(([name, text]) => [
          name,
          text
            .render(facts, reading)
            .replaceAll(/[\p{Cc}]+/gu, ' ')
            .trim(),
        ]),
      ),
    body: compileJson(request.body as Json, 'body'),
  };
};

/**
 * Tells a CRM or ticket system by REST, in the form that a mapping gives: JSON whose texts are templates, so that a fact can never
 * be more than a value in it. Guarantee: as the receiver's. Where the mapping says `deduplicates`, a lost answer is sent again with
 * the same `{{ actionId }}`, and statuses in `alreadyThere` count as a yes; otherwise it is `unknown`, and repeated only where the
 * destination says `repeatWhenLost`. 408, 425, 429 and 5xx → retry, any other 4xx is a no. An all-clear has its own request where
 * the mapping has one.
 */
export const ticket = (options: TicketOptions): Channel => {
  const { mapping, templates, reader, clock, user = '', secret = '' } = options;
  const { request, allClear, deduplicates, alreadyThere } = mapping.content;
  const base = httpAddress(options.url, `destination "${options.name}"`).href.replace(/\/$/, '');
  const client = httpClient(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets });
  const opening = compile(request, 'request', options);
  const clearing = allClear === undefined ? opening : compile(allClear, 'allClear', options);
  const secrets = [secret, basicCredentials(user, secret), Buffer.from(secret).toString('base64')];

  const made = (action: Dispatch, known: { readonly user: string; readonly secret: string }) => {
    const { subject, text, short } = templates.render(action, reader);
    const facts = { ...messageFacts(action), recipient: { name: '' }, subject, text, short };
    const compiled = action.compensates === null ? opening : clearing;
    return {
      method: compiled.method,
      url: new URL(`${base}${compiled.path(facts)}`),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...compiled.headers({ ...facts, ...known }),
      },
      body: compiled.body(facts),
    };
  };
  const outcomeOf = (answer: HttpAnswer): SendOutcome =>
    answer.kind === 'answered' && alreadyThere.includes(answer.status)
      ? { kind: 'sent', httpStatus: answer.status }
      : httpOutcome(answer, clock.now());

  return {
    deduplicates,
    draft: (action) => [
      {
        extension: 'json',
        content: `${JSON.stringify(made(action, { user: '***', secret: '***' }), null, 2)}\n`,
      },
    ],
    send: async (action, { signal }) => {
      try {
        const { body, ...rest } = made(action, { user, secret });
        return withoutSecrets(
          outcomeOf(await client.send({ ...rest, body: JSON.stringify(body), signal })),
          secrets,
        );
      } catch (cause) {
        const error = cause instanceof Error ? cause.message : String(cause);
        return withoutSecrets({ kind: 'refused', error }, secrets);
      }
    },
    close: () => client.close(),
  };
};
