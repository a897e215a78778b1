import { readFileSync } from 'node:fs'

const SPARE = 200

/** As many connections as this machine lets one child open. */
export function possible(connections) {
  return Math.min(connections, openFiles() - SPARE)
}

function openFiles() {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/Max open files +(\d+)/.exec(limits)?.[1] ?? 1024)
  } catch {
    return 1024
  }
}
