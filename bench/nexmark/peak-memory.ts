import { readFileSync } from 'node:fs';

/** The most resident memory that this process has had, in MiB: VmHWM on Linux, what the system says elsewhere. */
export const peakMemoryMiB = (): number => {
  try {
    const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kibibytes !== undefined) return Math.round(Number(kibibytes) / 1_024);
  } catch {
    // Not Linux.
  }
  return Math.round(process.resourceUsage().maxRSS / 1_024);
};
