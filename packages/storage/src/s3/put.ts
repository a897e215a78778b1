// Content of known length as one object. The storage is asked with its head; its 100 is what makes the SDK
// read, and the read is what sends our own 100 to the client.

import { Measure } from '../checksum.js'
import type { Content } from '../content/content-of.js'
import { failed } from './relay.js'
import { type Destination, type StoredObject, storedAs, Transfer } from './transfer.js'

const EARLY = 'The storage said that it has stored what it had not been sent yet.'

export async function putObject(
  content: Content,
  length: number,
  to: Destination,
): Promise<StoredObject> {
  const measure = new Measure(content, to.checksum)
  const transfer = new Transfer(content, to.idleTimeoutMs)
  const input = {
    ...to.input,
    ...to.conditions,
    Bucket: to.bucket,
    Key: to.key,
    ContentLength: length,
    Body: length === 0 ? new Uint8Array(0) : content.body,
  }
  try {
    transfer.watch()
    const sent = to.s3.send('PutObject', input, { signal: transfer.signal, ask: length > 0 })
    const answer = await transfer.whileItLasts(sent)
    if (measure.bytes < length) throw failed(new Error(EARLY))
    return storedAs(to, answer, measure)
  } finally {
    transfer.end()
  }
}
