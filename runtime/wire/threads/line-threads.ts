import { MessageChannel } from 'node:worker_threads';
import { workerUrl } from '../../../models/worker-url.ts';
import type { ThreadModule } from '../../threads/engine-thread.ts';
import type { Scoring } from '../start-scoring.ts';
import type { LineThreadSettings } from './line-settings.ts';
import { serveScoring } from './scoring-over-port.ts';

export interface LineThreadsParts extends Omit<LineThreadSettings, 'scoring'> {
  readonly scoring: Scoring;
}

/** The threads of a line, which score with what scores in the process. */
export const lineThreads = ({ scoring, ...settings }: LineThreadsParts): ThreadModule => ({
  file: workerUrl(import.meta.url, 'line-worker'),
  settings: () => {
    const { port1, port2 } = new MessageChannel();
    const facts = serveScoring(port1, scoring, settings.config.models.lateDelivery);
    const value: LineThreadSettings = { ...settings, scoring: { port: port2, facts } };
    return { value, transfer: [port2] };
  },
});
