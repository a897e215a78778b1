// What axe finds wrong with a page: one line for each fault, with the element that has it.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

// As text: its types want a browser around them.
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Fault {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string }[]
}

export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Through the debugger, because the pages let no foreign script in.
  await page.evaluate(axe)
  const faults = await page.evaluate<readonly Fault[]>('axe.run().then((all) => all.violations)')
  return faults.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`)
}
