/** What parent and child tell each other over IPC. */
export interface StartMessage {
  readonly type: 'start';
  readonly folder: string;
  /** 0 asks for any free port. */
  readonly port: number;
  readonly password: string;
}
export interface StopMessage {
  readonly type: 'stop';
}
export type ToChild = StartMessage | StopMessage;

export type FromChild =
  | { readonly type: 'ready'; readonly port: number }
  /** There is no binary for this machine: trying again is of no use. */
  | { readonly type: 'unavailable'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string };
