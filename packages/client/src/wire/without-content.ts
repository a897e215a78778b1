// RFC 9110 section 8.6: a method that anticipates no content needs no `Content-Length: 0`.

export const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])
