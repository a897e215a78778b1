// Content as it goes on the wire, large enough that no socket buffer hides a fault.

const CHUNK = 16_384

/** The same content as a chunked message (RFC 9112 section 7.1). */
export function inChunks(content: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < content.length; at += CHUNK) {
    const part = content.subarray(at, at + CHUNK)
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

/** One file in a form (RFC 7578), with the boundary `b`. */
export function asForm(file: Buffer): Buffer {
  const part = [
    '--b',
    'Content-Disposition: form-data; name="file"; filename="a.bin"',
    'Content-Type: application/octet-stream',
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(part.join('\r\n')), file, Buffer.from('\r\n--b--\r\n')])
}

export const FORM_TYPE = 'multipart/form-data; boundary=b'

export const KIB = 1024
export const MIB = 1024 * KIB
