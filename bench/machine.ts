import { cpus, release, totalmem, type } from 'node:os';

/** What figures were measured on: nothing that names the machine or its owner. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly platform: string;
}

export const describeMachine = (): Machine => {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() || 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${type()} ${release().split('-')[0]} ${process.arch}`,
  };
};

export const formatMachine = ({ cpu, cores, memoryGiB, node, platform }: Machine): string =>
  `${cpu} · ${cores} cores · ${memoryGiB} GiB · Node ${node.slice(1)} · ${platform}`;
