/**
 * A step of the tables' history. Once released its text never changes: what comes later is another migration.
 * Statements may run again after a crash between them, so each is harmless when repeated.
 */
export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly statements: readonly string[];
}
