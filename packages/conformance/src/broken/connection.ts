// One connection of the model server: requests in turn, an answer each, and then kept or closed.

import type net from 'node:net'
import { Content } from './content.js'
import type { Defects } from './defects.js'
import { expectationOf } from './expectation.js'
import { Input, Malformed } from './input.js'
import { type ModelHead, readHead } from './read-head.js'
import type { ModelAnswer, Role } from './roles.js'
import { answerBytes, hasCompanions } from './write.js'

const HEAD_BYTES = 65_536
/** From byte to byte: on a busy machine twenty megabytes take longer. */
const LINGER_MS = 1500
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'CONNECT']

export interface Shared {
  readonly defects: Defects
  readonly roles: Readonly<Record<string, Role>>
  readonly calls: Map<string, number>
  /** Runs a request alone, for the server that can do only one at a time. */
  alone(work: () => Promise<void>): Promise<void>
}

type Next = 'next' | 'over'

export class ModelConnection {
  readonly #input: Input
  #requests = 0
  #uploads = 0

  constructor(
    private readonly socket: net.Socket,
    private readonly shared: Shared,
  ) {
    this.#input = new Input(socket)
  }

  async serve(): Promise<void> {
    try {
      while ((await this.#request()) === 'next') this.#requests += 1
    } catch (error) {
      const status = error instanceof Malformed ? error.status : 500
      if (this.socket.writable) {
        this.socket.write(answerBytes({ status }, { close: true, defects: this.shared.defects }))
      }
      await this.#linger()
    }
  }

  async #request(): Promise<Next> {
    const head = await this.#head()
    if (head === undefined) {
      this.socket.end()
      return 'over'
    }
    let next: Next = 'over'
    const work = async (): Promise<void> => {
      next = await this.#exchange(head)
    }
    await (this.shared.defects.oneAtATime ? this.shared.alone(work) : work())
    return next
  }

  async #head(): Promise<ModelHead | undefined> {
    const { defects } = this.shared
    const input = this.#input
    let early = false
    const each = (): void => {
      if (defects.interimInHead && !early && /expect: 100-continue/i.test(input.peek())) {
        early = true
        this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      }
    }
    if (input.buffered === 0 && !(await input.more())) return undefined
    if (input.peek().startsWith('\r\n')) {
      if (defects.emptyLineIsFault) throw new Malformed(400)
      input.take(2)
    }
    const most = defects.hangsOnLong ? Number.POSITIVE_INFINITY : HEAD_BYTES
    const text = await input.until('\r\n\r\n', most, each)
    if (text === undefined) return undefined
    if (defects.hangsOnLong && text.length > 1500) await new Promise(() => undefined)
    return readHead(text, defects)
  }

  async #exchange(head: ModelHead): Promise<Next> {
    const { defects } = this.shared
    if (head.path === '/counts') {
      const body = String(this.shared.calls.get(head.query.get('id') ?? '') ?? 0)
      return this.#answer(head, this.#content(head, false), { status: 200, body })
    }
    if (defects.methods === 'hang-on-unknown' && !METHODS.slice(0, -2).includes(head.method)) {
      await new Promise(() => undefined)
    }
    const id = head.field('conformance-id') ?? ''
    this.shared.calls.set(id, (this.shared.calls.get(id) ?? 0) + 1)
    const expectation = expectationOf(head, defects)
    if (expectation === 'unmet') return this.#unmet(head)
    const asks = expectation === 'continue' && !(defects.oncePerConnection && this.#requests > 0)
    const content = this.#content(head, asks)
    if (head.path === '/upgrade') return this.#upgrade(content)
    if (defects.upgrade === 'hang' && head.field('upgrade') !== undefined) {
      await new Promise(() => undefined)
    }
    if (!content.complete) this.#uploads += 1
    const answer = await this.#ask(head, content)
    return this.#answer(head, content, answer)
  }

  #content(head: ModelHead, asks: boolean): Content {
    return new Content(head, this.#input, this.socket, this.shared.defects, asks)
  }

  async #ask(head: ModelHead, content: Content): Promise<ModelAnswer> {
    const { defects, roles } = this.shared
    const polite = head.field('expect') !== undefined
    const waits = defects.waitsForContent
    if (waits === 'always' || (waits === 'without-expect' && !polite)) await content.drain()
    if (defects.methods === 'hang-on-content' && !content.complete && head.method !== 'POST') {
      await new Promise(() => undefined)
    }
    if (defects.secondUploadLost && this.#uploads > 1 && !content.complete) return { status: 500 }
    if (defects.interim === 'overtakes' && /100-continue/.test(this.#input.peek())) {
      this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
    if (!METHODS.includes(head.method) || head.method === 'CONNECT') return { status: 501 }
    const role = roles[head.path]
    if (role === undefined && head.path !== '/*') return { status: 404 }
    if (head.method === 'OPTIONS' && head.path === '/*') return { status: 204 }
    const isGet = head.method === 'GET' || head.method === 'HEAD'
    return (await role?.(head, content)) ?? { status: isGet ? 200 : 204 }
  }

  async #unmet(head: ModelHead): Promise<Next> {
    const { defects } = this.shared
    if (defects.unknown === 'hang') await new Promise(() => undefined)
    const body = defects.echo ? `Cannot meet ${head.field('expect')}` : 'no'
    return this.#answer(head, this.#content(head, false), { status: 417, body })
  }

  async #upgrade(content: Content): Promise<Next> {
    if (this.shared.defects.upgrade !== 'at-once') await content.all()
    this.socket.end(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: conformance\r\n\r\n',
    )
    return 'over'
  }

  async #answer(head: ModelHead, content: Content, given: ModelAnswer): Promise<Next> {
    const { defects } = this.shared
    const answer = defects.allAre417 && given.status >= 400 ? { ...given, status: 417 } : given
    const unread = !content.complete
    const wishes = (head.field('connection') ?? '').toLowerCase()
    const keep10 = head.version === '1.0' && !wishes.includes('keep-alive') && !defects.keeps10
    const wanted = wishes.includes('close') || keep10
    const how = unread ? defects.afterRefusal : 'linger'
    const keeps = unread && ['keep-undrained', 'drain-all', 'silent-close'].includes(how)
    const close = (unread && !keeps) || wanted || defects.afterAnswer === 'close'
    const bytes = answerBytes(hasCompanions(answer, defects), {
      close,
      defects,
      method: head.method,
    })
    this.socket.write(bytes)
    if (defects.interim === 'after-final' && unread) {
      this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
    if (unread) return this.#unread(content, how, wanted)
    if (defects.afterAnswer === 'silent-close') return this.#end()
    if (!close) return 'next'
    return defects.afterAnswer === 'stay-open-on-close' ? 'next' : this.#linger()
  }

  async #unread(content: Content, how: Defects['afterRefusal'], wanted: boolean): Promise<Next> {
    switch (how) {
      case 'keep-undrained':
      case 'serve-on':
        return 'next'
      case 'drain-all':
        await content.drain()
        return wanted ? this.#linger() : 'next'
      case 'reset':
        this.socket.resetAndDestroy()
        return 'over'
      case 'stay-open':
        await new Promise(() => undefined)
        return 'over'
      default:
        return this.#linger()
    }
  }

  #end(): Next {
    this.socket.end()
    return 'over'
  }

  /** Half-close, drop what comes for a while, close (RFC 9112 9.6). */
  async #linger(): Promise<Next> {
    this.socket.end()
    const timer = setTimeout(() => this.socket.destroy(), LINGER_MS)
    while (await this.#input.more()) {
      this.#input.take(this.#input.buffered)
      timer.refresh()
    }
    clearTimeout(timer)
    this.socket.destroy()
    return 'over'
  }
}
