import { recordDay } from '../sources/simulated/record-day.ts';

/** `forewarn record`: days of the simulated world as a file that `run --replay` takes. */
export const recordCommand = async (
  file: string,
  options: {
    readonly days: number;
    readonly seed: number;
    readonly shipmentsPerDay: number;
    readonly start: string;
  },
): Promise<void> => {
  const { days, seed, shipmentsPerDay, start } = options;
  const written = await recordDay({ days, seed, shipmentsPerDay, startAt: Date.parse(start) }, file);
  console.log(`${written} documents written to ${file}`);
};
