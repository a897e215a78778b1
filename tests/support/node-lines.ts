// The supported lines of Node that are not the running one, from optional packages.
import { existsSync } from 'node:fs'
import path from 'node:path'

export interface NodeLine {
  readonly line: string
  /** Path of its program. */
  readonly node: string
  readonly available: boolean
  /** What is missing when it is not available. */
  readonly missing: string
}

const [running] = process.versions.node.split('.')

export const otherLines: readonly NodeLine[] = ['22', '24', '26']
  .filter((line) => line !== running)
  .map((line) => {
    const node = path.resolve(__dirname, `../node_modules/node${line}/bin/node`)
    const missing = `Node ${line} is not installed (optional package node${line})`
    return { line, node, available: existsSync(node), missing }
  })
