import { describe, expect, it } from 'vitest';
import { raw } from '../../../../../pipelines/topics.ts';
import type { SendOutcome } from '../../../../../sinks/outbox/channel.ts';
import type { AcknowledgementStandard } from '../../../../../sinks/outbox/tms/x12/write-acknowledgement.ts';
import { oweAcknowledgements } from '../../../../../sinks/outbox/tms/x12/owe-acknowledgements.ts';
import { answerGroups } from '../../../../../sources/decoders/x12/answer-groups.ts';
import { decodeX12 } from '../../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { delivered, interchange, setOf } from '../../../../sources/decoders/x12/interchange.ts';
import { type AnsweredLine, answeredLine, newLog } from '../answered-line.ts';
import { samplePartner } from './sample-partner.ts';

/** The carrier of the test interchanges: it sends as RDWY to FOREWARN. */
const carrier = samplePartner({ receiver: { qualifier: '02', id: 'RDWY' }, groupReceiver: 'RDWY' });

const start = (
  log = newLog(),
  reply: () => SendOutcome = () => ({ kind: 'sent' }),
  state = log.statesOf('edi-answers/0').at(-1),
  standard: AcknowledgementStandard = '997',
  partner = carrier,
): Promise<AnsweredLine> =>
  answeredLine({
    source: 'rdwy',
    contentType: 'application/edi-x12',
    owed: (record, transport) =>
      oweAcknowledgements(
        [{ name: 'carrier', partner, standard, transport }],
        answerGroups(raw.read(record)),
      ),
    log,
    reply,
    state,
  });

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
    const broken = delivered('P3').map((one) => one.replace('B10*', 'B11*'));
    const crossed = delivered('P4').map((one) => one.replace('SE*6*0001', 'SE*6*0009'));
    const late = delivered('P5', 'AT7*D1*NS***20251399*1230*LT');
    const [head = '', ...rest] = delivered('P6');
    const swallowed = [head, 'B10*P5**RDWY', 'B1*RDWY*P6*20250602*D', ...rest.slice(1)];
    const cut = delivered('P7').slice(0, -1);
    await receive(interchange([miscounted, unknown, broken, crossed, late, swallowed, cut]), 'one');
    await answers.caughtUp();
    expect(said(sent[0]).filter((one) => !one.startsWith('AK2'))).toEqual([
      'AK1*QM*42',
      'AK5*E*4',
      'AK5*R*1',
      // A mandatory segment is missing.
      'AK3*B10*2**3',
      'AK5*R*5',
      'AK5*R*3',
      // An element is no date.
      'AK3*AT7*4**8',
      'AK4*5*373*8*20251399',
      'AK5*E*5',
      // The beginning of another set.
      'AK3*B1*3**6',
      'AK5*R*5',
      'AK5*R*2',
      'AK9*P*7*7*2',
    ]);
  });

  it('names segments and elements in error by position and code, and is what we read ourselves', async () => {
    const { answers, receive, sent } = await start();
    const [head = '', first = '', ...rest] = delivered('P1', 'AT7*D1*NS***20250601*2575*LT');
    await receive(interchange([[head, first, first, 'a?b!c*1', ...rest]]), 'one');
    await answers.caughtUp();
    expect(said(sent[0])).toEqual([
      'AK1*QM*42',
      'AK2*214*0001',
      'AK3*B10*3**5',
      expect.stringMatching(/^AK3\*\S{2,3}\*4\*\*1$/),
      'AK3*AT7*6**8',
      'AK4*6*337*9*2575',
      'AK5*R*5',
      'AK9*R*1*1*0',
    ]);
    const [row] = decodeX12(documentOf(sent[0] ?? ''), settingsWith());
    expect(row?.type === 'acknowledgement' && row.value.errors).toEqual([
      expect.objectContaining({ segment: 'B10', position: 3, segmentCode: '5', element: null }),
      expect.objectContaining({ position: 4, segmentCode: '1' }),
      expect.objectContaining({ segment: 'AT7', position: 6, segmentCode: '8', element: null }),
      expect.objectContaining({ segment: 'AT7', element: '6', elementCode: '9', value: '2575' }),
    ]);
  });

  it('is a 999 where the partner wants one: its own names, the convention, the release of the group', async () => {
    const modern = samplePartner({ ...carrier, version: '005010' });
    const { answers, receive, sent } = await start(newLog(), undefined, undefined, '999', modern);
    const late = delivered('P1', 'AT7*D1*NS***20251399*1230*LT');
    const unknown = setOf('210', 'B3**1');
    await receive(interchange([late, unknown]).replace('*X*004010~', '*X*005010~'), 'one');
    await answers.caughtUp();
    expect(sent[0]).toMatch(
      /~GS\*FA\*FOREWARN\*RDWY\*\d{8}\*\d{4}\*1\*X\*005010X231A1~ST\*999\*0001\*005010X231A1~/,
    );
    expect(said(sent[0])).toEqual([
      'AK1*QM*42*005010',
      'AK2*214*0001',
      'IK3*AT7*4**8',
      'IK4*5*373*8*20251399',
      'IK5*E*5',
      'AK2*210*0001',
      'IK5*R*1',
      'AK9*P*2*2*1',
    ]);
    const back = decodeX12(documentOf(sent[0] ?? ''), settingsWith());
    expect(
      back.map((one) =>
        one.type === 'acknowledgement' ? [one.value.standard, one.value.verdict] : one.type,
      ),
    ).toEqual([
      ['999', 'accepted_with_errors'],
      ['999', 'rejected'],
      ['999', 'partly_accepted'],
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
