/** Operations for tests: each gives what is not asked for a sensible value. */

import type { OperationState } from "../../../realtime/client/src/index.ts";

export function makeOperation(fields: Partial<OperationState> = {}): OperationState {
  return {
    operation_id: `id-${fields.kind ?? "rc_analysis"}`,
    kind: "rc_analysis",
    status: "running",
    attempt: 1,
    progress: 40,
    eta_seconds: null,
    requested_by: "alice",
    step: null,
    error: null,
    result: null,
    created_at: "2026-03-02T09:15:00.000Z",
    started_at: "2026-03-02T09:15:01.000Z",
    finished_at: null,
    ...fields,
  };
}
