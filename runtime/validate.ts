import { ForewarnError } from './forewarn-error.ts';
import {
  type GraphNode,
  inputsOf,
  type KeyNode,
  type Pipeline,
  refuseCycles,
  type SinkNode,
  type SourceNode,
  type StepNode,
} from './graph.ts';

/** Throws the first thing that is wrong with a pipeline, in one line, before anything runs. */
export const validate = (pipeline: Pipeline): void => {
  refuseCycles(pipeline.stages);
  const names = new Set<string>();
  const where = `pipeline "${pipeline.name}"`;
  for (const node of pipeline.nodes) {
    if (node.kind === 'step') {
      refuseStep(pipeline, node, where);
      const { name, verb } = node.step;
      if (name !== null && names.has(name)) {
        throw new ForewarnError(
          'FW202',
          `${where}: two steps are named "${name}"; a name is the identity of a step's state, choose another`,
        );
      }
      if (name !== null) names.add(name);
      if (name !== null && /[/\s~]/.test(name)) {
        throw new ForewarnError(
          'FW202',
          `${where} step "${name}" (${verb}): a name is part of file and topic names; use no slash, space or ~`,
        );
      }
    }
    if (node.kind === 'key') refuseKey(pipeline, node, where);
    if (node.kind === 'sink') refuseSink(pipeline, node, where);
  }
  refuseDeadEnds(pipeline, where);
};

const titleOf = ({ step }: StepNode): string => step.name ?? step.verb;

const refuseStep = (pipeline: Pipeline, node: StepNode, where: string): void => {
  const { verb, name, stateful, faults, eventTime, faultsAfter } = node.step;
  if (stateful && (name === null || name === '')) {
    throw new ForewarnError(
      'FW201',
      `${where}: a step "${verb}" keeps state and has no name; give it one, it is the identity of its state`,
    );
  }
  if (faults[0] !== undefined)
    throw new ForewarnError('FW206', `${where} step "${titleOf(node)}": ${faults[0]}`);
  const sources = sourcesOf(pipeline, node.id).map(({ topic }) => topic);
  const timeless = sources.find(({ hasEventTime, broadcast }) => !hasEventTime && !broadcast);
  if (eventTime === true && timeless !== undefined) {
    throw new ForewarnError(
      'FW210',
      `${where} step "${titleOf(node)}": the rows of topic "${timeless.name}" have no event time; say which field it is with "at" where the topic is defined`,
    );
  }
  const fault = faultsAfter?.(sources)[0];
  if (fault !== undefined) throw new ForewarnError('FW212', `${where} step "${titleOf(node)}": ${fault}`);
  if (node.inputs.length > 1 && node.inputs.some((input) => isAsync(pipeline, input))) {
    throw new ForewarnError(
      'FW205',
      `${where} step "${titleOf(node)}": one of its inputs comes out of an asynchronous step; put a topic between`,
    );
  }
};

/** A task has only the rows whose topic key falls to it: grouped by another field each key would be cut in pieces. */
const refuseKey = (pipeline: Pipeline, node: KeyNode, where: string): void => {
  const source = placedBy(pipeline, node.input);
  if (source === undefined || node.field === null || source.topic.keyField === null) return;
  if (node.field === source.topic.keyField) return;
  throw new ForewarnError(
    'FW211',
    `${where}: topic "${source.topic.name}" is placed by "${source.topic.keyField}", so keyBy("${node.field}") would see only a part of each key's rows; use rekey("${node.field}") instead`,
  );
};

/** The source whose rows reach a node as they are; undefined behind a step that may make other rows of them. */
const placedBy = (pipeline: Pipeline, id: number): SourceNode | undefined => {
  const node = pipeline.nodes[id]!;
  if (node.kind === 'source') return node;
  const keepsRows = node.kind === 'key' || (node.kind === 'step' && node.step.verb === 'where');
  return keepsRows ? placedBy(pipeline, inputsOf(node)[0]!) : undefined;
};

const refuseSink = (pipeline: Pipeline, node: SinkNode, where: string): void => {
  const once = sourcesOf(pipeline, node.id).find(({ topic }) => !topic.replayable);
  if (node.mode === 'epoch' && once !== undefined) {
    throw new ForewarnError(
      'FW215',
      `${where}: topic "${node.topic.name}" is written exactly once, but "${once.topic.name}" cannot be read again after a crash; write it with { mode: 'keyed' }, or let the source go through the log`,
    );
  }
  if (node.mode !== 'keyed') return;
  const guessing = before(pipeline, node.id).find(
    (one): one is StepNode => one.kind === 'step' && one.step.deterministic === false,
  );
  if (guessing === undefined) return;
  throw new ForewarnError(
    'FW214',
    `${where}: topic "${node.topic.name}" is written with mode "keyed", which relies on equal rows after a crash, and step "${titleOf(guessing)}" may answer otherwise when asked again; use mode "epoch"`,
  );
};

const refuseDeadEnds = (pipeline: Pipeline, where: string): void => {
  const read = new Set<number>(pipeline.nodes.flatMap((node) => [...inputsOf(node)]));
  for (const node of pipeline.nodes) {
    if (node.kind === 'sink' || read.has(node.id) || isRead(pipeline, node, read)) continue;
    throw new ForewarnError(
      'FW207',
      `${where}: ${whatOf(node)} leads nowhere; write it with .to(topic) or leave it out`,
    );
  }
};

/** A step of which only the late rows are read is read. */
const isRead = (pipeline: Pipeline, node: GraphNode, read: ReadonlySet<number>): boolean =>
  node.kind === 'side' ||
  pipeline.nodes.some((side) => side.kind === 'side' && side.input === node.id && read.has(side.id));

const whatOf = (node: GraphNode): string => {
  switch (node.kind) {
    case 'source':
      return `topic "${node.topic.name}" is read and`;
    case 'step':
      return `step "${titleOf(node)}"`;
    case 'side':
      return `the output "${node.port}"`;
    default:
      return 'keyBy';
  }
};

/** Everything that a node's rows come through, itself with it. */
const before = (pipeline: Pipeline, id: number): readonly GraphNode[] => {
  const found = new Set<number>();
  const visit = (at: number): void => {
    if (found.has(at)) return;
    found.add(at);
    inputsOf(pipeline.nodes[at]!).forEach(visit);
  };
  visit(id);
  return [...found].map((at) => pipeline.nodes[at]!);
};

const sourcesOf = (pipeline: Pipeline, id: number): readonly SourceNode[] =>
  before(pipeline, id).filter((node) => node.kind === 'source');

const isAsync = (pipeline: Pipeline, id: number): boolean =>
  before(pipeline, id).some((node) => node.kind === 'step' && node.step.async);
