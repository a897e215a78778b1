// The programs of the machine: where they are, which version, and why one is left out.
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { finish } from './child.mjs'

/** Debian keeps servers where users do not look. */
const FOLDERS = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/bin']

export function find(...names) {
  for (const name of names) {
    const candidates = path.isAbsolute(name) ? [name] : FOLDERS.map((dir) => path.join(dir, name))
    const found = candidates.find(isProgram)
    if (found !== undefined) return found
  }
  return undefined
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The first number in what a program says of itself. */
export async function versionOf(program, ...args) {
  const { stdout, stderr } = await finish(program, args, { withinMs: 20_000 })
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown'
}

/** A client or a proxy that cannot run here, with the reason in words. */
export class Missing extends Error {}

export function need(what, ...names) {
  const program = find(...names)
  if (program === undefined) throw new Missing(`${what} is not installed`)
  return program
}
