// Names of the applications in whose-request.ts.
export const entering = ['run', 'enterWith'] as const
export const wrappings = ['before', 'after'] as const

const AUTHENTICATE = 'WWW-Authenticate'
export const challenges = {
  'NTLM and a token': { status: 401, field: AUTHENTICATE, value: 'NTLM TlRMTVNTUAACAAAA' },
  'NTLM alone': { status: 401, field: AUTHENTICATE, value: 'NTLM' },
  'Negotiate and a token': { status: 401, field: AUTHENTICATE, value: 'Negotiate oYG2MIGzoAMK' },
  'Negotiate alone': { status: 401, field: AUTHENTICATE, value: 'Negotiate' },
  'negotiate, lower case': { status: 401, field: AUTHENTICATE, value: 'negotiate' },
  'Negotiate, NTLM': { status: 401, field: AUTHENTICATE, value: 'Negotiate, NTLM' },
  'a proxy NTLM': { status: 407, field: 'Proxy-Authenticate', value: 'NTLM TlRMTVNTUAACAAAA' },
} as const
