// What a test opens is closed after it, whatever happened: servers, sockets, child processes.

const pending: (() => void | Promise<void>)[] = []

export function afterThisTest(close: () => void | Promise<void>): void {
  pending.push(close)
}

afterEach(async () => {
  // The last opened is closed first: clients go before the servers they talk to.
  for (const close of pending.splice(0).reverse()) await close()
})
