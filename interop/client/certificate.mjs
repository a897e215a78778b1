// The certificate for loopback that the tests use.
import { readFileSync } from 'node:fs'
import path from 'node:path'

export async function certificate() {
  const file = path.join(import.meta.dirname, '../../tests/support/certificate.ts')
  const text = readFileSync(file, 'utf8')
  const part = (name) => new RegExp(`${name}: \`([^\`]+)\``).exec(text)?.[1]
  return { key: part('key'), cert: part('cert') }
}
