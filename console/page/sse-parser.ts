export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * Server-sent events out of text that comes in any pieces (WHATWG HTML, 9.2.6): lines of one event end with an
 * empty one, comments begin with a colon, several `data` lines are joined by a newline.
 */
export const sseParser = (take: (event: StreamEvent) => void): ((text: string) => void) => {
  let rest = '';
  let name = '';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) take({ name: name === '' ? 'message' : name, data: data.join('\n') });
      name = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) line(each.endsWith('\r') ? each.slice(0, -1) : each);
  };
};
