// One upload, byte by byte: it asks a process of the chaos suite, is held open, and ends.

import { RawClient } from '../../support/raw-client.js'
import { asking } from '../../support/request.js'
import type { World } from './world.js'

/** Processes take seconds to answer where the machine is busy with other tests. */
const PATIENT = { withinMs: 15_000 }
const LENGTH = 10

export class Upload {
  readonly #client: RawClient

  private constructor(client: RawClient) {
    this.#client = client
  }

  /** Asks a process, and sends nothing. */
  static async ask(
    world: World,
    process: number,
    tenant = 'a',
    length = LENGTH,
    lines: readonly string[] = [],
  ): Promise<Upload> {
    const upload = new Upload(await RawClient.connect({ port: world.ports[process] ?? 0 }))
    upload.#client.send(asking({ length, lines: [`X-Tenant: ${tenant}`, ...lines] }))
    return upload
  }

  /** Asks, and is told to go on: it holds a slot. */
  static async begin(world: World, process: number, tenant?: string): Promise<Upload> {
    const upload = await Upload.ask(world, process, tenant)
    await upload.#client.continue(PATIENT)
    return upload
  }

  /** Sends its content when it is told to go on. @returns The status of the answer. */
  async whole(): Promise<number> {
    const answer = await this.#client.next(PATIENT)
    return answer.status === 100 ? this.end() : answer.status
  }

  async end(): Promise<number> {
    this.#client.send('x'.repeat(LENGTH))
    return (await this.#client.final(PATIENT)).status
  }

  async refusal(): Promise<readonly [number, string, string | undefined]> {
    const answer = await this.#client.final(PATIENT)
    const { error } = answer.json() as { readonly error: { readonly reason: string } }
    return [answer.status, error.reason, answer.field('retry-after')]
  }
}
