// Waits for what no event tells: looks again, and not for ever.

const WAIT_MS = 10_000

/** Fails with what was seen last when it never becomes what is wanted. */
export async function untilEqual<Value>(
  look: () => Value | Promise<Value>,
  wanted: Value,
): Promise<void> {
  const end = Date.now() + WAIT_MS
  for (;;) {
    const seen = await look()
    if (Date.now() > end || JSON.stringify(seen) === JSON.stringify(wanted)) {
      expect(seen).toEqual(wanted)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
