// Which of the connections that were open ended the process: halves, until one is left. One that
// needs the company of others is told with the last words, but is not confirmed later.

/** Scenarios by the end of a process that they saw. */
export class Crashes {
  #byEnd = new Map()

  get size() {
    return this.#byEnd.size
  }

  add(ended, scenario) {
    this.#byEnd.set(ended, [...(this.#byEnd.get(ended) ?? []), scenario])
  }

  /** Resolves with `[{ ended, scenario }]`, one for each end. */
  async blame(bench) {
    const found = []
    for (const [ended, suspects] of this.#byEnd) {
      let rest = suspects
      while (rest.length > 1) {
        const half = rest.slice(0, rest.length / 2)
        const results = await Promise.all(half.map((scenario) => bench.play(scenario)))
        rest = results.some((result) => result.ended) ? half : rest.slice(rest.length / 2)
      }
      found.push({ ended, scenario: rest[0] })
    }
    return found
  }
}

/** The line of an ended process that says why. */
export function lastWords({ code, signal, said }) {
  const lines = said.split('\n')
  const line = lines.find((text) => /Error\b/.test(text)) ?? lines.find((text) => text.trim()) ?? ''
  return `exit ${code ?? signal}, ${line.trim().slice(0, 100)}`
}
