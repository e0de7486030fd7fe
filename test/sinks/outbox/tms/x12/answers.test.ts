import { describe, expect, it } from 'vitest';
import { raw } from '../../../../../pipelines/topics.ts';
import type { SendOutcome } from '../../../../../sinks/outbox/channel.ts';
import { type Answers, createAnswers } from '../../../../../sinks/outbox/tms/x12/answers.ts';
import { createInterchanges } from '../../../../../sinks/outbox/tms/x12/interchanges.ts';
import { answerGroups } from '../../../../../sources/decoders/x12/answer-groups.ts';
import { decodeX12 } from '../../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { delivered, interchange, setOf } from '../../../../sources/decoders/x12/interchange.ts';
import { MemoryLog } from '../../../../support/memory-log.ts';
import { manualTimers } from '../../manual-timers.ts';
import { samplePartner } from './sample-partner.ts';

const newLog = (): MemoryLog =>
  new MemoryLog({ topics: { raw: 2, 'edi-interchanges': 1, acknowledgements: 1, 'action-results': 2 } });

/** The carrier of the test interchanges: it sends as RDWY to FOREWARN. */
const carrier = samplePartner({ receiver: { qualifier: '02', id: 'RDWY' }, groupReceiver: 'RDWY' });

interface Line {
  readonly log: MemoryLog;
  readonly answers: Answers;
  readonly sent: string[];
  readonly problems: string[];
  readonly timers: ReturnType<typeof manualTimers>;
  readonly receive: (text: string, documentId: string) => Promise<unknown>;
}

const start = async (
  log = newLog(),
  reply: () => SendOutcome = () => ({ kind: 'sent' }),
  state = log.statesOf('edi-answers/0').at(-1),
): Promise<Line> => {
  const sent: string[] = [];
  const problems: string[] = [];
  const timers = manualTimers();
  const onProblem = (error: unknown): void => void problems.push(String(error));
  const interchanges = createInterchanges({
    log,
    clock: { now: () => log.closedUntil },
    timers,
    random: () => 0,
    state: log.statesOf('edi/0').at(-1),
    onProblem,
  });
  await interchanges.start();
  const answers = createAnswers({
    log,
    register: interchanges.register,
    partners: [
      {
        name: 'carrier',
        partner: carrier,
        transport: {
          deliver: async (text) => {
            sent.push(text);
            return reply();
          },
          close: () => undefined,
        },
      },
    ],
    answersTo: (record) => answerGroups(raw.read(record)),
    timers,
    random: () => 0.5,
    state,
    onProblem,
  });
  await answers.start();
  return {
    log,
    answers,
    sent,
    problems,
    timers,
    receive: (text, documentId) =>
      log.append('raw', {
        key: 'rdwy',
        value: new TextEncoder().encode(text),
        headers: { source: 'rdwy', contentType: 'application/edi-x12', documentId },
      }),
  };
};

/** Segments of a 997 between ST and SE. */
const said = (text: string | undefined): string[] => {
  const segments = (text ?? '').split('~');
  return segments.slice(
    segments.findIndex((one) => one.startsWith('ST*')) + 1,
    segments.findIndex((one) => one.startsWith('SE*')),
  );
};

describe('a 997 of ours', () => {
  it('accepts a group whose sets could be read, to the sender of the interchange, and is what we read ourselves', async () => {
    const { answers, receive, sent } = await start();
    await receive(interchange([delivered('P1'), delivered('P2', undefined, '0002')]), 'one');
    await answers.caughtUp();
    expect(sent).toHaveLength(1);
    expect(said(sent[0])).toEqual([
      'AK1*QM*42',
      'AK2*214*0001',
      'AK5*A',
      'AK2*214*0002',
      'AK5*A',
      'AK9*A*2*2*2',
    ]);
    expect(sent[0]).toMatch(/^ISA\*00\* {10}\*00\* {10}\*ZZ\*FOREWARN {7}\*02\*RDWY {11}\*/);
    const back = decodeX12(documentOf(sent[0] ?? ''), settingsWith());
    expect(back.map((one) => (one.type === 'acknowledgement' ? one.value.verdict : one.type))).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);
  });

  it('says of each set what became of its syntax', async () => {
    const { answers, receive, sent } = await start();
    const miscounted = delivered('P1').map((one) => one.replace('SE*6*', 'SE*9*'));
    const unknown = setOf('210', 'B3**1');
    const broken = delivered('P3').map((one) => one.replace('B10*', 'B1*'));
    const crossed = delivered('P4').map((one) => one.replace('SE*6*0001', 'SE*6*0009'));
    const late = delivered('P5', 'AT7*D1*NS***20251399*1230*LT');
    const cut = delivered('P6').slice(0, -1);
    await receive(interchange([miscounted, unknown, broken, crossed, late, cut]), 'one');
    await answers.caughtUp();
    expect(said(sent[0]).filter((one) => !one.startsWith('AK2'))).toEqual([
      'AK1*QM*42',
      'AK5*E*4',
      'AK5*R*1',
      'AK5*R*5',
      'AK5*R*3',
      // That a date cannot be is no matter of syntax.
      'AK5*A',
      'AK5*R*2',
      'AK9*P*6*6*2',
    ]);
  });

  it('answers neither acknowledgements nor strangers, nor what came before it was switched on', async () => {
    const log = newLog();
    await log.append('raw', {
      key: 'rdwy',
      value: new TextEncoder().encode(interchange([delivered('P0')])),
      headers: { source: 'rdwy', contentType: 'application/edi-x12', documentId: 'before' },
    });
    const { answers, receive, sent } = await start(log);
    await receive(interchange([setOf('997', 'AK1*QM*7', 'AK9*A*1*1*1')]), 'acknowledgement');
    await receive(interchange([delivered('P1')]).replace('*02*RDWY ', '*02*ABFS '), 'stranger');
    await receive('{"type":"tracking"}', 'json');
    await answers.caughtUp();
    expect(sent).toEqual([]);
  });

  it('goes out again with the same number and bytes until it is taken, and after a kill', async () => {
    const log = newLog();
    let reply: SendOutcome = { kind: 'retry', error: 'HTTP 503' };
    const first = await start(log, () => reply);
    await first.receive(interchange([delivered('P1')]), 'one');
    const done = first.answers.caughtUp();
    await expect.poll(() => first.sent.length).toBe(1);
    reply = { kind: 'sent' };
    first.timers.advance(600_000);
    await done;
    expect(first.sent).toHaveLength(2);
    expect(first.sent[0]).toBe(first.sent[1]);

    // A process that was killed before it committed starts from the state before.
    const second = await start(log, undefined, log.statesOf('edi-answers/0').at(0));
    await second.answers.caughtUp();
    expect(second.sent).toEqual([first.sent[0]]);
    await second.receive(interchange([delivered('P2')]).replaceAll('*42', '*43'), 'two');
    await second.answers.caughtUp();
    expect(said(second.sent.at(-1))[0]).toBe('AK1*QM*43');
    expect(second.sent.at(-1)).toContain('*000000002*');
  });

  it('that is refused is told, and holds nobody up', async () => {
    const replies: SendOutcome[] = [{ kind: 'refused', error: 'HTTP 403' }, { kind: 'sent' }];
    const { answers, receive, sent, problems } = await start(
      newLog(),
      () => replies.shift() ?? { kind: 'sent' },
    );
    await receive(interchange([delivered('P1')]), 'one');
    await receive(interchange([delivered('P2')]).replaceAll('*42', '*43'), 'two');
    await answers.caughtUp();
    expect(sent).toHaveLength(2);
    expect(problems).toEqual([expect.stringContaining('FW413 997 for group 42 to carrier: HTTP 403')]);
    expect(answers.stats()).toEqual({ answered: 1, refused: 1 });
  });
});
