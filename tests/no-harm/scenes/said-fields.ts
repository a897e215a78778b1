// Fields and errors of the applications in said.ts.
export const companions = [
  { status: 429, field: 'Retry-After', value: '60' },
  { status: 503, field: 'Retry-After', value: '120' },
  { status: 401, field: 'WWW-Authenticate', value: 'Basic realm="admin"' },
  { status: 405, field: 'Allow', value: 'GET, PUT' },
  { status: 415, field: 'Accept', value: 'video/mp4' },
] as const

export const secrets = [
  'status 401',
  'statusCode 403',
  'status 404',
  'status 429, headers',
  'status 500',
  'no status',
  'status 400, expose false',
] as const
