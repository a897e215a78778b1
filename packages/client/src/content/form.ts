// A form as `fetch` sends it (RFC 7578), with names escaped and lines ended as the HTML standard has it for
// "multipart/form-data". It is a Blob around the Blobs of its files: nothing is read before it is sent, its
// length is known, and it can be had again.
import { randomUUID } from 'node:crypto'

export function blobOf(form: FormData): Blob {
  // A Blob keeps its type in small letters.
  const boundary = `----expectation-${randomUUID()}`
  const parts: (string | Blob)[] = []
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(ended(name))}"`)
    if (typeof value === 'string') parts.push(`\r\n\r\n${ended(value)}`)
    else parts.push(...ofFile(value))
    parts.push('\r\n')
  }
  parts.push(`--${boundary}--\r\n`)
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` })
}

function ofFile(file: File): readonly (string | Blob)[] {
  // A Blob would take it for text.
  if (!(file instanceof Blob)) throw new TypeError('The form has a file that is no Blob')
  const type = file.type === '' ? 'application/octet-stream' : file.type
  return [`; filename="${escaped(file.name)}"\r\nContent-Type: ${type}\r\n\r\n`, file]
}

function ended(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}

function escaped(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')
}
