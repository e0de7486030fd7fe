/** Interchanges of our own making, as carriers write them. */
export interface Shape {
  readonly element?: string;
  readonly terminator?: string;
  readonly component?: string;
}

export interface StatusOf {
  readonly control?: string;
  readonly reference: string;
  readonly shipment?: string;
  readonly scac?: string;
  /** Everything between B10 and SE, with `*` between elements. */
  readonly segments: readonly string[];
}

const header = (control: string, component: string): string =>
  `ISA*00*          *00*          *02*RDWY           *ZZ*FOREWARN       *250602*0700*U*00401*${control}*0*P*${component}`;

export const statusSet = ({
  control = '0001',
  reference,
  shipment = '',
  scac = 'RDWY',
  segments,
}: StatusOf): string[] => [
  `ST*214*${control}`,
  `B10*${reference}*${shipment}*${scac}`,
  ...segments,
  `SE*${segments.length + 3}*${control}`,
];

/** One interchange with one group around the given transaction sets. */
export const interchange = (sets: readonly (readonly string[])[], shape: Shape = {}): string => {
  const { element = '*', terminator = '~\n', component = '>' } = shape;
  return [
    header('000000042', component),
    'GS*QM*RDWY*FOREWARN*20250602*0700*42*X*004010',
    ...sets.flat(),
    `GE*${sets.length}*42`,
    'IEA*1*000000042',
  ]
    .map((segment) => segment.replaceAll('*', element) + terminator)
    .join('');
};

/** One shipment, one delivered status at a place in Vermont. */
export const delivered = (
  reference: string,
  at7 = 'AT7*D1*NS***20250601*1230*LT',
  control = '0001',
): string[] => statusSet({ reference, control, segments: ['LX*1', at7, 'MS1*BRATTLEBORO*VT*US'] });

/** A transaction set of any kind: `setOf('990', 'B1*RDWY*75')` → ST, B1, SE with its count. */
export const setOf = (set: string, ...segments: string[]): string[] => [
  `ST*${set}*0001`,
  ...segments,
  `SE*${segments.length + 2}*0001`,
];
