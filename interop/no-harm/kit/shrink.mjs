// Makes a failing scenario small: without steps, then without bytes, as long as it still fails. Every
// attempt is a connection of its own, so their number and their time are bounded.

const ATTEMPTS = 500
const WITHIN_MS = 60_000

export async function shrink(scenario, fails) {
  let best = scenario
  let attempts = 0
  const until = Date.now() + WITHIN_MS
  const spent = () => attempts >= ATTEMPTS || Date.now() > until
  const attempt = async (candidate) => {
    if (spent()) return false
    attempts += 1
    if (!(await fails(candidate))) return false
    best = candidate
    return true
  }
  const withSteps = (steps) => ({ ...best, steps })

  const sends = best.steps.flatMap((s) => (s.send ? [s.send] : []))
  await attempt(withSteps([{ send: Buffer.concat(sends) }]))
  for (let i = best.steps.length - 1; i >= 0; i--) {
    await attempt(withSteps(best.steps.filter((_, at) => at !== i)))
  }
  for (let i = best.steps.length - 1; i > 0; i--) {
    const [one, two] = [best.steps[i - 1], best.steps[i]]
    if (!one?.send || !two?.send) continue
    const merged = { send: Buffer.concat([one.send, two.send]) }
    await attempt(withSteps([...best.steps.slice(0, i - 1), merged, ...best.steps.slice(i + 1)]))
  }
  for (let i = 0; i < best.steps.length; i++) {
    if (!best.steps[i].send) continue
    const put = (send) => withSteps(best.steps.map((s, at) => (at === i ? { send } : s)))
    let size = Math.ceil(best.steps[i].send.length / 2)
    while (size >= 1 && !spent()) {
      let at = 0
      while (at < best.steps[i].send.length && !spent()) {
        const { send } = best.steps[i]
        const without = Buffer.concat([send.subarray(0, at), send.subarray(at + size)])
        if (!(await attempt(put(without)))) at += size
      }
      size = size === 1 ? 0 : Math.floor(size / 2)
    }
  }
  return { scenario: best, attempts }
}
