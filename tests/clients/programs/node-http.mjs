// node:http with `Expect`, as its documentation shows it: content after `continue` only.
import { createReadStream, statSync } from 'node:fs'
import { request } from 'node:http'

const [url, file] = process.argv.slice(2)
const headers = { 'Content-Length': statSync(file).size, Expect: '100-continue' }
const upload = request(url, { method: 'PUT', headers })
upload.on('continue', () => createReadStream(file).pipe(upload))
upload.on('response', async (response) => {
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  const seen = response.statusCode < 400 ? 'ok' : JSON.parse(text).error.reason
  console.log(JSON.stringify({ status: response.statusCode, seen }))
  upload.destroy()
})
upload.on('error', (error) => console.log(JSON.stringify({ status: 0, seen: error.code })))
upload.flushHeaders()
