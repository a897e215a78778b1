// How a handler hands the errors of the request on; see copies.ts.
export const copyWays = [
  'copy.destroy(error)',
  "copy.emit('error', error)",
  'a listener that throws',
  'a promise that nobody awaits',
  'pipe into a stream that is destroyed with it',
  'pipe into a slow sink',
  "'aborted' handed on as an error",
  'pipeline with a callback',
] as const
