// How a handler reads what may go over the gate's limit; see limits.ts.
export const overLimitReaders = [
  'for await',
  'for await, answering 500',
  'data and end',
  'readable',
  'pipeline',
  'pipeline, answering 500',
  'Readable.toWeb',
  'an error listener that answers 500',
] as const
