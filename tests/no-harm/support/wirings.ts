// Input × integration × transport × line of Node is one table. Ordinarily every integration is tried
// on the running line, and two of them on each other line; EXPECTATION_NO_HARM=all tries everything,
// and EXPECTATION_WIRING, EXPECTATION_LINE and EXPECTATION_TRANSPORT only one.
import { otherLines } from '../../support/node-lines.js'
import type { Integration, Transport } from './scene.js'

export interface Wiring {
  readonly name: string
  readonly integration: Integration
  /** The same application without the library: the control. */
  readonly plain: boolean
  /** The major of Node. */
  readonly line: string
  /** Its program. */
  readonly node: string
  readonly available: boolean
  readonly missing: string
}

export interface Trial {
  readonly wiring: Wiring
  readonly transport: Transport
}

const names: Readonly<Record<Integration, string>> = {
  express5: 'Express 5',
  express4: 'Express 4',
  koa: 'Koa',
  fastify: 'Fastify',
  attach: 'attach(server)',
  gate: 'attach(server, options)',
}

/** Express gives requests the prototypes of `node:http`, which those of HTTP/2 cannot have. */
const withoutHttp2: readonly Integration[] = ['express5', 'express4']

const [running = ''] = process.versions.node.split('.')
const here = { line: running, node: process.execPath, available: true, missing: '' }
const { EXPECTATION_NO_HARM, EXPECTATION_WIRING, EXPECTATION_LINE, EXPECTATION_TRANSPORT } =
  process.env
const everything = EXPECTATION_NO_HARM === 'all'

export interface Selection {
  readonly on: readonly Integration[]
  readonly transports: readonly Transport[]
  /** Whether the same is true without the library. */
  readonly control: boolean
  /** A related input: on the running line and by the first transport only. */
  readonly neighbour: boolean
}

export function trialsOf(selection: Selection): readonly Trial[] {
  const { transports, neighbour } = selection
  const first = transports.slice(0, 1)
  const wide = EXPECTATION_WIRING !== undefined || EXPECTATION_LINE !== undefined || everything
  const onHere = trialsOn(here, selection, selection.on, neighbour && !wide ? first : transports)
  const elsewhere = otherLines.flatMap((line, index) => {
    if (wide) return trialsOn(line, selection, selection.on, transports)
    if (neighbour) return []
    const { on } = selection
    const two = [on[(2 * index) % on.length], on[(2 * index + 1) % on.length]]
    const some = on.filter((integration) => two.includes(integration))
    return trialsOn(line, { ...selection, control: false }, some, first)
  })
  return [...onHere, ...elsewhere].filter(chosen)
}

function trialsOn(
  line: Pick<Wiring, 'line' | 'node' | 'available' | 'missing'>,
  { control }: Selection,
  on: readonly Integration[],
  transports: readonly Transport[],
): readonly Trial[] {
  const ours = on.map((integration) => ({
    ...line,
    integration,
    plain: false,
    name: names[integration],
  }))
  const controls = control ? on.filter((name) => name !== 'gate' || !on.includes('attach')) : []
  const plain = controls.map((integration) => ({
    ...line,
    integration,
    plain: true,
    name:
      integration === 'attach' || integration === 'gate' ? 'plain' : `plain ${names[integration]}`,
  }))
  return [...ours, ...plain].flatMap((wiring) =>
    transports
      .filter((name) => !(name.startsWith('h2') && withoutHttp2.includes(wiring.integration)))
      .map((transport) => ({ wiring, transport })),
  )
}

function chosen({ wiring, transport }: Trial): boolean {
  return (
    (EXPECTATION_WIRING ?? wiring.integration) === wiring.integration &&
    (EXPECTATION_LINE ?? wiring.line) === wiring.line &&
    (EXPECTATION_TRANSPORT ?? transport) === transport
  )
}
