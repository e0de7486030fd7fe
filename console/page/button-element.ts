import { element } from './element.ts';

/** A button that submits nothing by itself. */
export const buttonElement = (className: string, words: string, click?: () => void): HTMLButtonElement => {
  const node = element('button', className, words);
  node.type = 'button';
  if (click !== undefined) node.addEventListener('click', click);
  return node;
};
