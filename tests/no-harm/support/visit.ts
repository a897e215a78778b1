// What all mounts share: running a handler, and reading what it was given.
import type { IncomingMessage } from 'node:http'
import type { Scene, Visit } from './scene.js'

export type Tell = (text: string) => void

/** Every application has a route that only answers, to see whether a connection is of use. */
export function run(handle: Scene['handle'], visit: Visit): void {
  if (visit.path === '/ok') {
    visit.reply(200, 'ok')
    return
  }
  const attempt = async (): Promise<void> => handle(visit)
  attempt().catch((error: unknown) => visit.fail(error))
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? ''
}

export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  const status: unknown = Reflect.get(error, 'status') ?? Reflect.get(error, 'statusCode')
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}
