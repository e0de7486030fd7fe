import { inputsOf, type Stage } from './graph.ts';

/**
 * Sources of a stage whose rows are better made columns: somebody behind them reads single fields of many rows, and only steps that leave
 * rows as they are stand between. Elsewhere an object is made of each row anyway, and to take it apart first is in vain.
 */
export const columnsWanted = ({ nodes, sources }: Pick<Stage, 'nodes' | 'sources'>): ReadonlySet<number> => {
  const isRead = (id: number): boolean =>
    nodes.some((node) => {
      if (!inputsOf(node).includes(id)) return false;
      if (node.kind === 'key') return isRead(node.id);
      if (node.kind !== 'step') return false;
      const { columns } = node.step;
      return columns === 'read' || (columns === 'passed' && isRead(node.id));
    });
  return new Set(sources.map(({ id }) => id).filter(isRead));
};
