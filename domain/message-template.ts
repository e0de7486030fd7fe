import { z } from 'zod';

const line = (description: string) => z.string().min(1).max(400).meta({ description });
const body = (description: string) => z.string().min(1).max(20_000).meta({ description });

/** What a message says in one language. Every text is a Liquid template over the facts of the action. */
export const messageBlock = z.strictObject({
  subject: line('One line: of an e-mail, a ticket, a card.'),
  text: body('The whole of it in plain text; an empty line begins a new paragraph.'),
  short: line('One line that stands alone, for SMS and chat.'),
  html: body(
    'The body as HTML; left out, the paragraphs of the text. Whatever a fact says comes out escaped.',
  ).optional(),
});
export type MessageBlock = z.infer<typeof messageBlock>;

/**
 * `rules/templates/<template>.yaml`: a block for each language, named by BCP 47, and always one in English, which
 * everybody gets in whose language there is none.
 */
export const messageTemplate = z.object({ en: messageBlock }).catchall(messageBlock);
export type MessageTemplate = z.infer<typeof messageTemplate>;

const messageLanguage = z.strictObject({
  words: z
    .record(z.string(), z.string().min(1))
    .default({})
    .meta({ description: 'How codes are said, such as customs_hold: held by customs.' }),
  parts: z
    .record(z.string(), z.string().min(1))
    .default({})
    .meta({ description: "What many templates share: {% include 'hello' %} puts it in." }),
});

/** `rules/languages.yaml`: what all messages of a language share. What one lacks is taken from the next that it falls back to. */
export const messageLanguages = z.object({ en: messageLanguage }).catchall(messageLanguage);
export type MessageLanguages = z.infer<typeof messageLanguages>;
