// The page itself: a table to find a reason by its status, then one section for each.

const HEAD = `<!-- Made by scripts/make-errors-doc.mjs from the catalogue; edits here are lost. -->

# Errors

Every error body names its reason: \`error.reason\` in the default shape, \`reason\` in problem
details, \`error\` in the flat shape. Match on reasons, never on messages. Reasons are stable: some may
be added, none is renamed. An application adds its own with
\`throw new Refusal(429, { reason: 'quota_exhausted' })\`; a status without a row here has the reason
\`http_<status>\`. The \`type\` of problem details ends in the anchor of the reason on this page.

Metric and field names are explained in [observability](observability.md); a 417 that nobody can
explain is the subject of [troubleshooting](troubleshooting.md).
`

/** @throws when a reason has no note for operators, or a note has no reason. */
export function render(entries, notes) {
  const known = new Set(entries.map(({ reason }) => reason))
  const lost = Object.keys(notes).filter((reason) => !known.has(reason))
  if (lost.length > 0) throw new Error(`Notes without a reason: ${lost.join(', ')}`)
  return [HEAD, table(entries), ...entries.map((entry) => section(entry, notes))].join('\n')
}

function table(entries) {
  const rows = entries.map(({ status, reason, meaning }) => {
    return `| ${status} | [\`${reason}\`](#${reason}) | ${meaning} |\n`
  })
  return `| status | reason | what it means |\n|---|---|---|\n${rows.join('')}`
}

function section({ reason, status, title, meaning, remedy, type }, notes) {
  const note = notes[reason]
  if (note === undefined) throw new Error(`${reason} has no note for operators`)
  return `## ${reason}

${status} ${title} · \`${type}\`

* **What it means:** ${meaning}
* **What the caller does:** ${remedy}
* **What the operator looks at:** ${note}
`
}
