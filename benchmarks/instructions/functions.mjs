// What each function spent itself, from a file that callgrind has written. Code that V8 made has no name
// there, only an address: the map that V8 writes for `perf` has the names.

import { readFileSync } from 'node:fs'

/** Written under this name whatever is asked for. */
export const mapOf = (pid) => `/tmp/perf-${pid}.map`

/** @returns The functions that cost most first; those of the same name together. */
export function functionsIn(file, pid) {
  const code = codeIn(mapOf(pid))
  const names = new Map()
  const spent = new Map()
  let name
  let skips = false
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const named = /^fn=(\(\d+\))(?: (.*))?$/.exec(line)
    if (named !== null) {
      if (named[2] !== undefined) names.set(named[1], nameOf(named[2], code))
      name = names.get(named[1])
    } else if (line.startsWith('cfn=')) {
      const called = /^cfn=(\(\d+\))(?: (.*))?$/.exec(line)
      if (called?.[2] !== undefined) names.set(called[1], nameOf(called[2], code))
    } else if (line.startsWith('calls=')) {
      // The next line is what the called function spent.
      skips = true
    } else if (/^[+\-*\d]/.test(line)) {
      if (!skips) spent.set(name, (spent.get(name) ?? 0) + Number(line.split(' ')[1]))
      skips = false
    }
  }
  return [...spent]
    .map(([where, instructions]) => ({ where, instructions }))
    .sort((one, other) => other.instructions - one.instructions)
}

/**
 * Functions of V8's collector, by their names in C++. What they share with others (copying memory, allocating it)
 * is not told apart: about a tenth.
 */
const COLLECTOR =
  /Scaveng|Mark|Sweep|Evacuat|Pretenuring|OnMoveEvent|IteratePointers|BodyDescriptor|SizeFromMap|SemiSpace|v8::internal::Heap::|GCTracer|RememberedSet|SlotSet|Worklist|GlobalHandles|TracedHandles|PagedSpace|FreeList|cppgc|heap::base/

/** Instructions that V8's collector spent; nothing has to be named for that. */
export function collectorIn(file) {
  const names = new Map()
  let name = ''
  let skips = false
  let spent = 0
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const named = /^(c?)fn=(\(\d+\))(?: (.*))?$/.exec(line)
    if (named !== null) {
      if (named[3] !== undefined) names.set(named[2], named[3])
      if (named[1] === '') name = names.get(named[2])
    } else if (line.startsWith('calls=')) {
      skips = true
    } else if (/^[+\-*\d]/.test(line)) {
      if (!skips && COLLECTOR.test(name)) spent += Number(line.split(' ')[1])
      skips = false
    }
  }
  return spent
}

function codeIn(file) {
  const lines = readFileSync(file, 'latin1').trimEnd().split('\n')
  const code = lines.map((line) => {
    const [, start, size, name] = /^([\da-f]+) ([\da-f]+) (.*)$/.exec(line) ?? []
    return { start: Number.parseInt(start, 16), size: Number.parseInt(size, 16), name }
  })
  // Of two in one place the later one holds.
  return code.reverse()
}

function nameOf(name, code) {
  if (!/^0x[\da-f]+$/.test(name)) return name
  const at = Number(name)
  const found = code.find(({ start, size }) => at >= start && at < start + size)
  return found?.name ?? name
}
