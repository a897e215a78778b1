// Waits for what no event tells, looking again in each turn, and not for ever.
import { within } from '../../support/server.js'

export async function until(what: string, isSo: () => boolean): Promise<void> {
  let over = false
  const look = async (): Promise<void> => {
    while (!over && !isSo()) await new Promise((resolve) => setImmediate(resolve))
  }
  await within(what, look(), 5000).finally(() => {
    over = true
  })
}
