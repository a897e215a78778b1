/** Does `work` for every order, a few at a time, and gives what came back in the order of the orders. */
export async function inTurns(orders, jobs, work) {
  const results = []
  let next = 0
  async function take() {
    while (next < orders.length) {
      const at = next
      next += 1
      results[at] = await work(orders[at])
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, take))
  return results
}
