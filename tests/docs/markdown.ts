// The fenced code blocks of a markdown text, each with the heading that it stands under.

export interface CodeBlock {
  readonly heading: string
  readonly language: string
  readonly code: string
}

export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = []
  let heading = ''
  let open: { language: string; lines: string[] } | undefined
  for (const line of markdown.split('\n')) {
    const fence = /^```(\w*)$/.exec(line)
    if (fence !== null && open !== undefined) {
      blocks.push({ heading, language: open.language, code: open.lines.join('\n') })
      open = undefined
    } else if (fence !== null) {
      open = { language: fence[1] ?? '', lines: [] }
    } else if (open !== undefined) {
      open.lines.push(line)
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, '')
    }
  }
  if (open !== undefined) throw new Error(`A code block under '${heading}' is never closed`)
  return blocks
}

/** The cells of the table whose first column is called `first`; backticks are taken off. */
export function firstColumn(markdown: string, first: string): readonly string[] {
  const lines = markdown.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `))
  if (start === -1) throw new Error(`There is no table that begins with '${first}'`)
  const cells: string[] = []
  for (const line of lines.slice(start + 2)) {
    const cell = /^\| `?([^`|]+?)`? +\|/.exec(line)?.[1]
    if (cell === undefined) break
    cells.push(cell)
  }
  return cells
}
