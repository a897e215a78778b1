// Handlers that answer first and read on, or answer by what they read; names for the tests, since the
// code runs in another process. See early-answers.ts.
export const readers = [
  'pipe into a file',
  'data',
  'for await',
  'pipeline',
  'readable',
  'Readable.toWeb',
  'pipe into a slow sink',
] as const

export const echoes = [
  'pipe through gzip',
  'pipe',
  'pipeline through gzip',
  'for await and write',
  'data and write',
] as const

export const lateListeners = [
  'resume, a microtask, data',
  'resume, a promise of a function, data',
  'resume, a microtask, for await',
  'resume, setImmediate, data',
  'resume and end only',
  'pause, setImmediate, data',
] as const

export const headsFirst = [
  'flushHeaders',
  'writeHead and flushHeaders',
  'writeHead and write',
  'write',
  'status 201 and flushHeaders',
] as const
