/** One thing that must be so. It answers at once from what its owner already knows: a probe does no I/O. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => CheckResult;
}

export interface CheckResult {
  readonly ok: boolean;
  /** One sentence on what is wrong, or how well it is. */
  readonly detail?: string;
}

export interface Health {
  readonly status: 200 | 503;
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/**
 * `/livez`: is it any use to go on, or should somebody restart us? `/readyz`: may traffic come? Both are the
 * `and` of their checks; one that throws counts as failed, with what it said.
 */
export const healthOf = (checks: readonly HealthCheck[]): Health => {
  const results: Record<string, CheckResult> = {};
  let ok = true;
  for (const { name, check } of checks) {
    const result = resultOf(check);
    results[name] = result;
    ok &&= result.ok;
  }
  return { status: ok ? 200 : 503, ok, checks: results };
};

const resultOf = (check: () => CheckResult): CheckResult => {
  try {
    return check();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
};
