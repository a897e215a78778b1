// How a handler breaks an exchange off without an answer; see waiting.ts.
export const breaks = [
  'request.destroy()',
  'request.destroy() a turn later',
  'request.destroy(error)',
  'request.destroy() while reading',
  'response.destroy()',
  'socket.destroy()',
] as const
