// `-H Expect:` keeps curl from asking first, which it does by itself for so large a body.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { tally, whole } from './kit.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-curl-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = path.join(folder, 'content')
let written = false

tally(async (url, content) => {
  if (!written) writeFileSync(file, content)
  written = true
  const args = ['-sS', '-H', 'Expect:', '-T', file, '-w', '\n%{http_code}', url]
  return await new Promise((resolve) => {
    execFile('curl', args, (error, output) => {
      const at = output.lastIndexOf('\n')
      if (error === null) resolve(whole(Number(output.slice(at + 1)), output.slice(0, at)))
      else resolve(`curl ${error.code}`)
    })
  })
})
