// One input, tried on every wiring where it applies: each trial is a test of its own, but they run
// side by side, since most of their time is waiting. The process has to live through every one.
import type { Outcome } from '@expectation/express'
import { type Address, RawClient } from '../../support/raw-client.js'
import { within } from '../../support/server.js'
import { testWhen } from '../../support/skip.js'
import { type House, houseOf, newHouse } from './house.js'
import type { Memory, Opened } from './protocol.js'
import { type Integration, integrations, type Transport } from './scene.js'
import { type Trial, trialsOf } from './wirings.js'

const AT_ONCE = 4
const TRIAL_MS = 20_000
const NOTE_MS = 5_000

jest.setTimeout(120_000)

/** A server of a scene, in the process under trial. */
export class Site {
  /** Done before the server goes. */
  readonly atEnd: (() => void)[] = []

  constructor(
    readonly house: House,
    readonly trial: Trial,
    readonly number: number,
    readonly port: number,
  ) {}

  get at(): Address {
    const { transport } = this.trial
    return { port: this.port, secure: transport === 'tls' || transport === 'h2' }
  }

  get plain(): boolean {
    return this.trial.wiring.plain
  }

  get integration(): Integration {
    return this.trial.wiring.integration
  }

  get notes(): readonly string[] {
    return this.house.notes.get(this.number) ?? []
  }

  client(): Promise<RawClient> {
    return RawClient.connect(this.at)
  }

  /** A target that tells the outcomes of this site from those of others in the process. */
  target(path: string): string {
    return `${path}?site=${this.number}`
  }

  /** Waits until the scene has noted something that begins so, and returns the rest of it. */
  async noted(beginning: string, ms = NOTE_MS): Promise<string> {
    const look = (): string | undefined => this.notes.find((text) => text.startsWith(beginning))
    const found = await this.house.until(`the note ${beginning}`, look, ms)
    return found.slice(beginning.length).trim()
  }

  async outcome(path: string, ms = NOTE_MS): Promise<Outcome> {
    const target = this.target(path)
    const look = (): Outcome | undefined =>
      this.house.outcomes.find((outcome) => outcome.target === target)
    return this.house.until(`the outcome of ${target}`, look, ms)
  }

  /** Connections that the server has now. */
  async connections(): Promise<number> {
    return Number(await this.house.ask({ do: 'connections', site: this.number }))
  }

  async memory(): Promise<Memory> {
    return (await this.house.ask({ do: 'memory' })) as Memory
  }

  async signal(name: string): Promise<void> {
    await this.house.ask({ do: 'signal', site: this.number, name })
  }

  /** A connection of its own is served, and nothing that was thrown has ended the process. */
  async lives(): Promise<void> {
    await this.house.ask({ do: 'ping' })
  }
}

export interface Input {
  /** Where it stands in the catalogue of faults. */
  readonly id: string
  readonly title: string
  readonly scene: string
  /** Default: everywhere. */
  readonly on?: readonly Integration[]
  /** Default: HTTP/1.1 only. */
  readonly transports?: readonly Transport[]
  /** The same holds without the library. Default true. */
  readonly control?: boolean
  readonly neighbour?: boolean
  /** One after the other in each process, and in a process of their own: it may end, or be told to. */
  readonly fresh?: boolean
  readonly run: (site: Site) => Promise<void>
}

export const gates: readonly Integration[] = integrations.filter((name) => name !== 'attach')
export const mounted: readonly Integration[] = gates.filter((name) => name !== 'gate')

/** Declares a test for each wiring. */
export function input(given: Input): void {
  const { on = integrations, transports = ['http'], control = true, neighbour = false } = given
  const trials = trialsOf({ on, transports, control, neighbour })
  let started: Promise<readonly PromiseSettledResult<void>[]> | undefined
  trials.forEach((trial, index) => {
    const { name, line, available, missing } = trial.wiring
    const where = `${name}, ${trial.transport}, Node ${line}`
    testWhen(available, missing)(`${given.id} ${given.title}: ${where}`, async () => {
      started ??= sideBySide(trials, (each) => attempt(given, each))
      const result = (await started)[index]
      if (result?.status === 'rejected') throw result.reason
    })
  })
}

/** Whatever else ran in that process has failed with it, so such a trial is made again alone. */
class ProcessEnded extends Error {}

async function attempt(given: Input, trial: Trial): Promise<void> {
  if (!trial.wiring.available) return
  const house = await (given.fresh === true ? newHouse(trial.wiring) : houseOf(trial.wiring))
  const opened = await house.ask({ do: 'open', scene: given.scene, transport: trial.transport })
  const { site: number, port } = opened as Opened
  const site = new Site(house, trial, number, port)
  try {
    await within('a trial', given.run(site), TRIAL_MS)
    if (given.fresh !== true) await site.lives()
  } catch (error) {
    // The end of the process says more than a client that lost its connection.
    await Promise.race([house.gone, new Promise((resolve) => setTimeout(resolve, 100))])
    if (house.ended === undefined || given.fresh === true) throw error
    throw new ProcessEnded(house.death())
  } finally {
    for (const act of site.atEnd) act()
    if (given.fresh === true) await house.end()
    else if (house.ended === undefined) await house.ask({ do: 'shut', site: number })
  }
}

async function sideBySide(
  trials: readonly Trial[],
  act: (trial: Trial) => Promise<void>,
): Promise<readonly PromiseSettledResult<void>[]> {
  const results: PromiseSettledResult<void>[] = []
  const left = [...trials.entries()]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, trial] = next
      const [result] = await Promise.allSettled([act(trial)])
      if (result !== undefined) results[index] = result
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  for (const [index, trial] of trials.entries()) {
    const result = results[index]
    if (result?.status !== 'rejected' || !(result.reason instanceof ProcessEnded)) continue
    const [again] = await Promise.allSettled([act(trial)])
    if (again !== undefined) results[index] = again
  }
  return results
}
