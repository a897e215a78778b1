// A server of the run as its driver sees it: a port, and answers to questions.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const STOPPING_MS = 5_000

export async function serve(mode) {
  const script = fileURLToPath(new URL('./server.mjs', import.meta.url))
  const child = fork(script, [mode], { execArgv: ['--expose-gc'] })
  const exited = once(child, 'exit')
  const died = exited.then(([code, signal]) => {
    throw new Error(`The server (${mode}) ended: ${signal ?? `code ${code}`}.`)
  })
  died.catch(() => undefined)
  const message = async () => (await Promise.race([once(child, 'message'), died]))[0]
  const { port } = await message()
  return {
    mode,
    port,
    async ask(question) {
      child.send(question)
      return (await message()).answer
    },
    async stop() {
      child.kill('SIGKILL')
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, STOPPING_MS))])
    },
  }
}
