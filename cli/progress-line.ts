import type { Progress } from '../console/page/contract.ts';

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

const span = (sec: number): string =>
  sec < 90
    ? `${Math.round(sec)} s`
    : sec < 5_400
      ? `${Math.round(sec / 60)} min`
      : `${(sec / 3_600).toFixed(1)} h`;

/** One line about how it goes. */
export const progressText = (progress: Progress): string =>
  [
    new Date(progress.at).toISOString().slice(0, 16).replace('T', ' '),
    `${whole(progress.recordsPerSec)} records/s`,
    `${whole(progress.openShipments)} open shipments`,
    `${whole(progress.exceptions)} exceptions`,
    `${whole(progress.actions)} actions`,
    `${whole(progress.outcomes)} outcomes`,
    `watermark ${span(progress.watermarkLagSec)} behind`,
  ].join(' · ');

export interface ProgressLine {
  /** Prints a line for people without breaking the one that stays in place. */
  note(line: string): void;
  stop(): void;
}

/** On a terminal one line that stays in place, four times a second; elsewhere a plain line every ten seconds. */
export const progressLine = (read: () => Progress, out: NodeJS.WriteStream): ProgressLine => {
  const clear = out.isTTY ? '\r\u001b[2K' : '';
  const draw = (): void => {
    const text = progressText(read());
    out.write(out.isTTY ? `${clear}${text.slice(0, (out.columns ?? 200) - 1)}` : `${text}\n`);
  };
  const timer = setInterval(draw, out.isTTY ? 250 : 10_000);
  return {
    note: (line) => {
      out.write(`${clear}${line}\n`);
      if (out.isTTY) draw();
    },
    stop: () => {
      clearInterval(timer);
      draw();
      if (out.isTTY) out.write('\n');
    },
  };
};
