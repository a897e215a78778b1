// A command that has to succeed: what went wrong is told with the end of what it wrote.
import { finish } from '../../delivery/child.mjs'

/** @returns what it wrote to its standard output */
export async function must(command, args, cwd) {
  const { code, stdout, stderr, problem } = await finish(command, args, { cwd, withinMs: 600_000 })
  if (code !== 0)
    throw new Error(`${command} ${args.slice(-3).join(' ')}: ${problem ?? code}\n${short(stderr)}`)
  return stdout
}

/** npm says first what is wrong, apt last. */
export function short(text) {
  return text.length <= 600 ? text.trim() : `${text.slice(0, 300)} … ${text.slice(-300)}`.trim()
}
