/**
 * The one error class of ours. The message names the place, the value, the rule and the mend:
 * `FW204 step "late-scans": slide 10m is longer than size 5m; choose a slide that divides the size.`
 */
export class ForewarnError extends Error {
  readonly code: ErrorCode;
  readonly retry: boolean;

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(`${code} ${message}`, options);
    this.name = 'ForewarnError';
    this.code = code;
    this.retry = errorCodes[code].retry;
  }
}

/** Every code of ours: a title for `docs/errors.md` and whether trying again can help. */
export const errorCodes = {
  FW101: { title: 'configuration value does not fit', retry: false },
  FW102: { title: 'configuration file cannot be read', retry: false },
  FW103: { title: 'rules file does not fit', retry: false },
  FW104: { title: 'data folder is in use', retry: false },
  FW105: { title: 'data folder has another format', retry: false },
  FW106: { title: 'embedded ClickHouse is not available here', retry: false },
  FW107: { title: 'secret is missing from the environment', retry: false },
  FW108: { title: 'no process runs on the data folder', retry: true },
  FW109: { title: 'data folder is not there', retry: false },
  FW201: { title: 'stateful step has no name', retry: false },
  FW202: { title: 'two steps have the same name', retry: false },
  FW203: { title: 'duration cannot be read', retry: false },
  FW204: { title: 'partition counts do not match', retry: false },
  FW205: { title: 'inputs of a step do not go together', retry: false },
  FW206: { title: 'join state has no bound', retry: false },
  FW207: { title: 'flow is written nowhere', retry: false },
  FW208: { title: 'model input differs from the features', retry: false },
  FW209: { title: 'stages wait for each other', retry: false },
  FW210: { title: 'rows have no event time', retry: false },
  FW211: { title: 'key is not the one that places the rows', retry: false },
  FW212: { title: 'step does not go with what it reads', retry: false },
  FW213: { title: 'window or time bound does not fit', retry: false },
  FW214: { title: 'answers may be others the second time', retry: false },
  FW215: { title: 'source cannot be read again', retry: false },
  FW216: { title: 'flow does not run by itself', retry: false },
  FW217: { title: 'pattern cannot be matched', retry: false },
  FW218: { title: 'topic is written before the commit and read by a task', retry: false },
  FW220: { title: 'option of an aggregate does not fit', retry: false },
  FW301: { title: 'log segment is damaged', retry: false },
  FW302: { title: 'log write failed', retry: true },
  FW303: { title: 'unknown topic', retry: false },
  FW304: { title: 'log is closed', retry: false },
  FW310: { title: 'line is full', retry: true },
  FW320: { title: 'savepoint is not there', retry: false },
  FW321: { title: 'savepoint cannot have this name', retry: false },
  FW322: { title: 'savepoint cannot be read or made', retry: false },
  FW323: { title: 'savepoint does not fit the pipelines', retry: false },
  FW324: { title: 'rewind would mix with what is there', retry: false },
  FW401: { title: 'document cannot be decoded', retry: false },
  FW402: { title: 'record does not fit its schema', retry: false },
  FW403: { title: 'event lies in the future', retry: false },
  FW404: { title: 'operator failed on a row', retry: false },
  FW405: { title: 'type of document is unknown', retry: false },
  FW406: { title: 'no shipment goes by this name', retry: false },
  FW407: { title: 'recorded input cannot be read', retry: false },
  FW408: { title: 'dead letter is not there', retry: false },
  FW409: { title: 'dead letter cannot be played again', retry: false },
  FW410: { title: 'aggregate is past its bound', retry: false },
  FW411: { title: 'acknowledgement fits no interchange', retry: false },
  FW412: { title: 'load tender makes no plan', retry: false },
  FW413: { title: 'acknowledgement is refused', retry: false },
  FW415: { title: 'carrier answers with an error', retry: false },
  FW416: { title: 'document cannot be fetched', retry: true },
  FW421: { title: 'input mapping says nothing of it', retry: false },
  FW422: { title: 'row does not fit its input mapping', retry: false },
  FW501: { title: 'ClickHouse does not answer', retry: true },
  FW502: { title: 'ClickHouse refuses a statement', retry: false },
  FW504: { title: 'ClickHouse table does not fit', retry: false },
  FW505: { title: 'review cannot be made', retry: false },
  FW506: { title: 'review or proposal is not there', retry: false },
  FW507: { title: 'rules cannot be changed so', retry: false },
  FW601: { title: 'model file does not fit its signature', retry: false },
  FW602: { title: 'scoring took too long', retry: true },
  FW603: { title: 'scoring worker failed', retry: true },
  FW604: { title: 'too few outcomes to train on', retry: true },
  FW605: { title: 'row of an effect does not fit', retry: false },
  FW606: { title: 'training data or options do not fit', retry: false },
  FW607: { title: 'training worker failed', retry: true },
  FW610: { title: 'signature of a brought model does not fit', retry: false },
  FW611: { title: 'brought model differs from its signature', retry: false },
  FW612: { title: 'brought model says something else of golden rows', retry: false },
  FW613: { title: 'feature looks ahead', retry: false },
  FW701: { title: 'request cannot be understood', retry: false },
  FW702: { title: 'document is too large', retry: false },
  FW703: { title: 'API key is missing or unknown', retry: false },
  FW704: { title: 'API key may not do this', retry: false },
  FW705: { title: 'process is stopping', retry: true },
  FW706: { title: 'nothing has this address', retry: false },
  FW707: { title: 'role may not decide this', retry: false },
  FW708: { title: 'decision comes too late or twice', retry: false },
  FW709: { title: 'idempotency key was used for something else', retry: false },
  FW710: { title: 'message cannot be made', retry: false },
  FW711: { title: 'template is not there', retry: false },
  FW712: { title: 'webhook is not signed by its sender', retry: false },
  FW713: { title: 'keys of a webhook cannot be had', retry: true },
  FW715: { title: 'a person changed the object in the TMS', retry: false },
  FW716: { title: 'message to the TMS cannot be made', retry: false },
  FW720: { title: 'action used up its attempts', retry: false },
} as const satisfies Record<string, { readonly title: string; readonly retry: boolean }>;

export type ErrorCode = keyof typeof errorCodes;
