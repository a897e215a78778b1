// Tables of documents that are made of what tests prove. A document that is behind fails the test;
// `EXPECTATION_WRITE_DOCS=1 npm test -- <file>` writes the table into it.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The text between `<!-- made: name -->` and `<!-- end: name -->` in `docs/<file>`. */
export function madePart(file: string, name: string, made: string): string {
  const page = path.join(__dirname, '../../docs', file)
  const text = readFileSync(page, 'utf8')
  const begin = `<!-- made: ${name} -->\n`
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf(`<!-- end: ${name} -->`)
  if (start < begin.length || end === -1) throw new Error(`docs/${file} has no part '${name}'`)
  if (process.env.EXPECTATION_WRITE_DOCS === '1') {
    writeFileSync(page, `${text.slice(0, start)}\n${made}\n\n${text.slice(end)}`)
    return made
  }
  return text.slice(start, end).trim()
}
