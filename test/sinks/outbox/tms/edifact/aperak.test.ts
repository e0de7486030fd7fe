import { describe, expect, it } from 'vitest';
import { raw } from '../../../../../pipelines/topics.ts';
import type { SendOutcome } from '../../../../../sinks/outbox/channel.ts';
import { oweAperak } from '../../../../../sinks/outbox/tms/edifact/owe-aperak.ts';
import { answerInterchanges } from '../../../../../sources/decoders/edifact/answer-interchanges.ts';
import { settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { departed, interchange } from '../../../../sources/decoders/edifact/interchange.ts';
import { type AnsweredLine, answeredLine, newLog } from '../answered-line.ts';

const heardAt = Date.parse('2025-06-03T00:00:00Z');

const start = (
  log = newLog(),
  reply: () => SendOutcome = () => ({ kind: 'sent' }),
  state = log.statesOf('edi-answers/0').at(-1),
): Promise<AnsweredLine> =>
  answeredLine({
    source: 'kline',
    contentType: 'application/edifact',
    owed: (record, transport) => {
      // The log of the test begins in 1970, when what was told lay ahead.
      const document = { ...raw.read(record), heardAt };
      return document.source === 'kline'
        ? oweAperak('kline', transport, answerInterchanges(document, settingsWith()))
        : [];
    },
    log,
    reply,
    state,
  });

const broken = departed('W2').map((one) => (one.startsWith('DTM+334') ? 'DTM+334:NEVER:203' : one));
const headsOf = (text: string | undefined): string[] =>
  (text ?? '').split("'").filter((one) => /^(?:UNB|UNZ|BGM|RFF\+ACW)/.test(one));

describe('APERAKs of ours', () => {
  it('go back to whoever sent an interchange, one for each message, accepted or rejected', async () => {
    const { answers, receive, sent, problems } = await start();
    await receive(interchange([departed('W1'), broken]), 'one');
    await answers.caughtUp();
    expect(problems).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(headsOf(sent[0])).toEqual([
      expect.stringMatching(/^UNB\+UNOC:3\+FOREWARN:ZZ\+KLINE:ZZ\+\d{6}:\d{4}\+1\+\+APERAK$/),
      'BGM+312+1-1+9+AP',
      'RFF+ACW:1',
      'BGM+313+1-2+9+RE',
      'RFF+ACW:2',
      'UNZ+2+1',
    ]);
    expect(answers.stats()).toEqual({ answered: 1, refused: 0 });
  });

  it('count their own partnership, one interchange after the other, and answer no APERAK', async () => {
    const { answers, receive, sent } = await start();
    const two = interchange([departed('W1')]) + interchange([departed('W2')]);
    await receive(two, 'one');
    await receive(sent[0] ?? interchange([['BGM+312+1+9']], { id: 'APERAK:D:96A:UN' }), 'two');
    await answers.caughtUp();
    expect(sent.map((text) => headsOf(text).at(-1))).toEqual(['UNZ+1+1', 'UNZ+1+2']);
  });

  it('go out again with the same number and bytes until they are taken, and after a kill', async () => {
    const log = newLog();
    const replies: SendOutcome[] = [{ kind: 'retry', error: 'HTTP 503' }];
    const first = await start(log, () => replies.shift() ?? { kind: 'sent' });
    await first.receive(interchange([departed('W1')]), 'one');
    const done = first.answers.caughtUp();
    await expect.poll(() => first.sent.length).toBe(1);
    first.timers.advance(600_000);
    await done;
    expect(first.sent).toHaveLength(2);
    expect(first.sent[1]).toBe(first.sent[0]);

    // A process that was killed before it committed starts from the state before.
    const second = await start(log, undefined, log.statesOf('edi-answers/0').at(0));
    await second.answers.caughtUp();
    expect(second.sent).toEqual([first.sent[0]]);
    // And one that committed sends nothing again.
    await second.answers.stop();
    const third = await start(log);
    await third.answers.caughtUp();
    expect(third.sent).toEqual([]);
  });

  it('that are refused, or whose sender cannot be named, are told and hold nobody up', async () => {
    const replies: SendOutcome[] = [{ kind: 'refused', error: 'HTTP 403' }];
    const { answers, receive, sent, problems } = await start(
      newLog(),
      () => replies.shift() ?? { kind: 'sent' },
    );
    await receive(interchange([departed('W1')]), 'one');
    await receive(interchange([departed('W2')], { sender: ':ZZ' }), 'two');
    await receive(interchange([departed('W3')]), 'three');
    await answers.caughtUp();
    expect(problems).toEqual([
      expect.stringContaining('FW413 APERAK for interchange 4711 to kline: HTTP 403'),
      expect.stringContaining('FW716 APERAK: sender "" is empty'),
    ]);
    expect(sent).toHaveLength(2);
  });
});
