/** The topic of one partition that holds what a producer committed of its state. */
export const stateTopic = (producer: string): string => `~state/${producer}`;
