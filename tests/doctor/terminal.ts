// The command on a terminal: Python opens one (a pty) of so many columns, and prints what came of it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const OPEN = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
out = b''
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    out += part
os.waitpid(pid, 0)
sys.stdout.buffer.write(out)
`

/** What the command prints, and its progress, on a terminal. */
export async function onTerminal(
  columns: number,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const plain = Object.entries(process.env).filter(([name]) => !/^(NO|FORCE)_COLOR$/.test(name))
  const { stdout } = await promisify(execFile)(
    'python3',
    ['-c', OPEN, String(columns), ...command],
    { env: { ...Object.fromEntries(plain), TERM: 'xterm', ...env }, timeout: 30_000 },
  )
  return stdout.replaceAll('\r\n', '\n')
}
