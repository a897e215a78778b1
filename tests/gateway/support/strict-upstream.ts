// An upstream that reads by the letter of RFC 9112, with a parser of its own, and keeps what it read: a
// message that could be read in two ways is a fault of whoever sent it.
import net from 'node:net'
import { afterThisTest } from '../../support/cleanup.js'
import { answer, CONTINUE } from './raw-upstream.js'

export interface ReadRequest {
  readonly method: string
  readonly target: string
  readonly id: string
  content: string
  /** All of it came. */
  whole: boolean
}

export interface StrictUpstream {
  readonly origin: string
  readonly requests: readonly ReadRequest[]
  /** Bytes that no strict reader takes. */
  readonly faults: readonly string[]
}

const LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+: ?[\t\x20-\x7e\x80-\xff]*$/
const REQUEST_LINE = /^([A-Z]+) (\/[\x21-\x7e\x80-\xff]*) HTTP\/1\.1$/

interface Head extends Pick<ReadRequest, 'method' | 'target' | 'id'> {
  readonly length: number | undefined
  readonly chunked: boolean
  readonly asks: boolean
}

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n')
  const line = REQUEST_LINE.exec(first)
  const bad = lines.find((each) => !LINE.test(each))
  if (line === null || bad !== undefined) throw new Error(`head: ${JSON.stringify(bad ?? first)}`)
  const values = (name: string): string[] =>
    lines
      .filter((each) => each.toLowerCase().startsWith(`${name}:`))
      .map((each) => each.slice(name.length + 1).trim())
  const lengths = values('content-length')
  const codings = values('transfer-encoding')
  const expects = values('expect')
  const framed = lengths.length + codings.length
  if (framed > 1) throw new Error(`framed ${framed} times: ${text}`)
  if (lengths.some((value) => !/^\d+$/.test(value))) throw new Error(`length: ${lengths}`)
  if (codings.some((value) => value !== 'chunked')) throw new Error(`coding: ${codings}`)
  if (values('host').length !== 1) throw new Error(`hosts: ${text}`)
  if (expects.length > 1 || expects.some((value) => value !== '100-continue')) {
    throw new Error(`Expect: ${expects}`)
  }
  return {
    method: line[1] ?? '',
    target: line[2] ?? '',
    id: values('x-id').join(),
    length: lengths[0] === undefined ? undefined : Number(lengths[0]),
    chunked: codings.length > 0,
    asks: expects.length > 0,
  }
}

/** `/no` is refused from the head, `/busy` is too if `isBusy`; the connection is kept all the same. */
export async function strictUpstream(isBusy: boolean): Promise<StrictUpstream> {
  const requests: ReadRequest[] = []
  const faults: string[] = []
  const sockets = new Set<net.Socket>()

  function serve(socket: net.Socket): void {
    let unread = ''
    let open: { readonly head: Head; readonly request: ReadRequest } | undefined
    let refused = false
    let answered = false
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (text: string) => {
      if (refused) faults.push(`content after a refusal: ${JSON.stringify(text)}`)
      unread += text
      try {
        while (!refused && step());
      } catch (error) {
        faults.push(String(error))
        socket.destroy()
      }
    })

    /** @returns Whether there was enough to go on. */
    function step(): boolean {
      if (open !== undefined) return read(open.head, open.request)
      const end = unread.indexOf('\r\n\r\n')
      if (end === -1) return false
      const head = readHead(unread.slice(0, end))
      unread = unread.slice(end + 4)
      const { method, target, id } = head
      const request = { method, target, id, content: '', whole: false }
      requests.push(request)
      open = { head, request }
      const isNo = target.startsWith('/no') || (isBusy && target.startsWith('/busy'))
      if (isNo) {
        socket.write(answer(target.startsWith('/no') ? '401 No' : '503 Busy', 'no'))
        // Whoever asked owes its content now and must send nothing else; without asking it may be on
        // its way already.
        refused = head.asks
        answered = true
        return !refused
      }
      if (head.asks) socket.write(CONTINUE)
      return true
    }

    function finish(request: ReadRequest): void {
      request.whole = true
      open = undefined
      if (!answered) socket.write(answer('200 OK', 'took'))
      answered = false
    }

    function read(head: Head, request: ReadRequest): boolean {
      if (head.chunked) return readChunk(request)
      const missing = (head.length ?? 0) - request.content.length
      request.content += unread.slice(0, missing)
      unread = unread.slice(missing)
      if (request.content.length < (head.length ?? 0)) return false
      finish(request)
      return unread !== ''
    }

    function readChunk(request: ReadRequest): boolean {
      const line = unread.indexOf('\r\n')
      if (line === -1) return false
      if (!/^[0-9a-f]+$/i.test(unread.slice(0, line)))
        throw new Error(`chunk: ${JSON.stringify(unread)}`)
      const size = Number.parseInt(unread.slice(0, line), 16)
      if (size === 0) {
        const end = unread.indexOf('\r\n\r\n')
        if (end === -1) return false
        unread = unread.slice(end + 4)
        finish(request)
        return unread !== ''
      }
      if (unread.length < line + 2 + size + 2) return false
      if (unread.slice(line + 2 + size, line + 4 + size) !== '\r\n')
        throw new Error('chunk without an end')
      request.content += unread.slice(line + 2, line + 2 + size)
      unread = unread.slice(line + 4 + size)
      return true
    }
  }

  const server = net.createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    requests,
    faults,
  }
}
