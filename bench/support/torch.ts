import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A step in PyTorch, as `test/reference/bench_torch.py` prints it. */
export interface TorchStep {
  readonly way: 'dense' | 'plain' | 'released';
  readonly ms: number;
  readonly median_ms: number;
  readonly unpacking_ms: number;
  readonly peak_bytes: number;
  readonly start_bytes: number;
}

export interface TorchInterpreter {
  readonly ms_per_cell: number;
  readonly median_ms_per_cell: number;
}

interface Printed<Row> {
  readonly torch?: string;
  readonly message?: string;
  readonly rows: readonly Row[];
}

/** The python that PYTHON names, else `python3`. */
const python = process.env['PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../test/reference/bench_torch.py', import.meta.url));

/** The version of PyTorch that can be compared with, or why there is none. @param program the python that is asked */
export function torchVersion(program = python): { readonly version: string } | { readonly absent: string } {
  const asked = spawnSync(program, [script, '--json', '--ways', '--genes', '10', '--density', '0.5'], {
    encoding: 'utf8',
  });
  if (asked.error !== undefined) return { absent: `${program} could not be started: ${asked.error.message}` };
  if (asked.status !== 0) return { absent: `${program} ended with ${asked.status}: ${asked.stderr.trim()}` };
  const { torch, message } = JSON.parse(asked.stdout) as Printed<never>;
  return torch === undefined ? { absent: message ?? 'it says nothing' } : { version: torch };
}

/** Rows of the script for the given options. Blocks until it is done. */
export function torchRows<Row extends TorchStep | TorchInterpreter>(
  ...options: readonly (string | number)[]
): readonly Row[] {
  const done = spawnSync(python, [script, '--json', ...options.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`${python} ${script} ended with ${done.status}`);
  return (JSON.parse(done.stdout) as Printed<Row>).rows;
}
