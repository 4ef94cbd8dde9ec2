import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../cli/tendril.mjs', import.meta.url));

export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs the `tendril` command as a person would, with only the environment given; `read: false`: whoever reads its answer has gone already. */
export function tendril(args: readonly string[], env: Record<string, string> = {}, { read = true } = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], {
      env: { PATH: process.env['PATH'] ?? '', TENDRIL_HOME: '/nonexistent', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    if (!read) child.stdout.destroy();
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...said }));
  });
}
