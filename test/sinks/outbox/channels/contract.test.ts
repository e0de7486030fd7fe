import type { Dispatch } from '../../../../domain/dispatch.ts';
import { sampleFacts } from '../../../../sinks/outbox/templates/message-facts.ts';
import { channelContract } from '../../../support/contracts/channel.ts';
import { sampleAction } from '../sample-action.ts';
import {
  fakePagerDuty,
  fakeSlack,
  fakeTeams,
  fakeTicketSystem,
  fakeTwilio,
  webhookReceiver,
} from './counterparts.ts';
import { smtpServer } from './smtp-counterpart.ts';

const action = (): Dispatch =>
  sampleAction({ template: 'delay_expected', facts: sampleFacts, thread: 'thread-1' });

channelContract({ name: 'webhook', counterpart: 'an HTTP receiver of ours', start: webhookReceiver, action });
channelContract({ name: 'slack', counterpart: 'our own fake of Slack', start: fakeSlack, action });
channelContract({ name: 'teams', counterpart: 'our own fake of Teams', start: fakeTeams, action });
channelContract({
  name: 'pagerduty',
  counterpart: 'our own fake of PagerDuty',
  start: fakePagerDuty,
  action,
});
channelContract({ name: 'sms', counterpart: 'our own fake of Twilio', start: fakeTwilio, action });
channelContract({
  name: 'ticket',
  counterpart: 'our own fake of a ticket system',
  start: fakeTicketSystem,
  action,
});
channelContract({
  name: 'email',
  counterpart: 'the SMTP server of smtp-server',
  start: smtpServer,
  action,
  skips: { wait: 'SMTP has no word for how long' },
});
