import { describe, expect, it } from 'vitest';
import { writeAperak } from '../../../../../sinks/outbox/tms/edifact/write-aperak.ts';
import { answerInterchanges } from '../../../../../sources/decoders/edifact/answer-interchanges.ts';
import { readEnvelope } from '../../../../../sources/decoders/edifact/envelope.ts';
import { decodeEdifact } from '../../../../../sources/decoders/edifact/decode-edifact.ts';
import { documentOf, settingsWith } from '../../../../sources/decoders/decoder-settings.ts';
import { departed, interchange } from '../../../../sources/decoders/edifact/interchange.ts';

const AT = Date.parse('2025-06-02T12:05:30Z');
const answers = (content: string) => answerInterchanges(documentOf(content), settingsWith());
const broken = departed('W2').map((one) => (one.startsWith('DTM+334') ? 'DTM+334:MON?: 9?+:203' : one));

describe('an APERAK', () => {
  it('accepts a message that became events', () => {
    const [answer, ...more] = answers(interchange([departed('W1')]));
    expect(more).toEqual([]);
    expect(answer && writeAperak(answer, 17, AT).split("'")).toEqual([
      'UNA:+.? ',
      'UNB+UNOC:3+FOREWARN:ZZ+KLINE:ZZ+250602:1205+17++APERAK',
      'UNH+1+APERAK:D:96A:UN',
      'BGM+312+17-1+9+AP',
      'DTM+137:202506021205UTC:303',
      'FTX+AAI+++INTERCHANGE 4711',
      'RFF+ACW:1',
      'RFF+AGO:REP77',
      'NAD+MS+FOREWARN',
      'NAD+MR+KLINE',
      'UNT+9+1',
      'UNZ+1+17',
      '',
    ]);
  });

  it('rejects one that did not, with each error and its reason', () => {
    const [answer] = answers(interchange([departed('W1'), broken]));
    expect(answer?.messages.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected']);
    const text = answer ? writeAperak(answer, 18, AT) : '';
    expect(text).toContain("UNH+1+APERAK:D:96A:UN'BGM+312+18-1+9+AP'");
    expect(text).toContain("UNH+2+APERAK:D:96A:UN'BGM+313+18-2+9+RE'");
    expect(text).toMatch(/UNZ\+2\+18'$/);
    expect(text).toContain("RFF+ACW:2'");
    expect(text).toContain(
      'ERC+FW402::ZZZ\'FTX+AAO+++IFTSTA 2?: STS number 1?: DTM 334 "MON?: 9?+" in format 203',
    );
  });

  it('says so where a part of it became events', () => {
    const both = [...departed('W1'), 'STS+1+21', 'DTM+334:NEVER:203'];
    const [answer] = answers(interchange([both]));
    expect(answer?.messages[0]?.verdict).toBe('partly');
    expect(answer && writeAperak(answer, 19, AT)).toContain("BGM+313+19-1+9'DTM");
  });

  it('is a sound interchange, and for its reader an acknowledgement', () => {
    const [answer] = answers(interchange([departed('W1'), broken]));
    const text = answer ? writeAperak(answer, 20, AT) : '';
    expect(readEnvelope(text)).toMatchObject({
      findings: [],
      parts: [
        { type: 'APERAK', problem: null },
        { type: 'APERAK', problem: null },
      ],
    });
    expect(decodeEdifact(documentOf(text), settingsWith())).toMatchObject([
      { why: 'acknowledgement' },
      { why: 'acknowledgement' },
    ]);
  });

  it('answers the energy market, which is refused', () => {
    const [answer] = answers(interchange([['BGM+Z03+A1', 'STS+Z21+Z05']], { id: 'IFTSTA:D:18A:UN:2.0a' }));
    expect(answer?.messages).toMatchObject([
      { verdict: 'rejected', document: 'A1', errors: [{ code: 'FW405' }] },
    ]);
  });

  it('answers no acknowledgement, no test, no other message, and nobody without a name', () => {
    expect(answers(interchange([['BGM+312+1+9']], { id: 'APERAK:D:96A:UN' }))).toEqual([]);
    expect(answers(interchange([['UCI+1+A+B+7']], { id: 'CONTRL:D:3:UN' }))).toEqual([]);
    expect(answers(interchange([departed('W1')], { test: true }))).toEqual([]);
    expect(answers(interchange([['BGM+34+1+9']], { id: 'CODECO:D:95B:UN' }))).toEqual([]);
    expect(answers(interchange([departed('W1')], { una: '' }).replace(/^UNB[^']*'/, ''))).toEqual([]);
  });

  it('carries a party exactly or not at all', () => {
    const [answer] = answers(interchange([departed('W1')]));
    const named =
      (id: string): (() => string) =>
      () =>
        answer ? writeAperak({ ...answer, sender: { qualifier: 'ZZ', id } }, 1, AT) : '';
    expect(named("O'HARE")()).toContain("+O?'HARE:ZZ+");
    expect(named('X'.repeat(36))).toThrow(/^FW716 APERAK: sender/);
    expect(named('ŁÓDŹ')).toThrow(/^FW716 /);
  });
});
