// The top of the page: three figures and three pictures, for somebody who has a minute.

import { deliveryRows } from '../pictures/delivery.mjs'
import { bytes } from './table.mjs'

export function heading(data) {
  const figures = [spared(data), delivered(), costs(data)].filter(Boolean)
  return `# Performance

${figures.join('\n')}

Written by \`npm run bench\` from \`benchmarks/data.json\`: edit the benchmarks, not this page.
Instructions decide, since times on a shared machine differ by a tenth and more from one minute to the next;
times stand beside them, as ratios within one run. What fell short, and why:
[findings](../benchmarks/FINDINGS.md).

**Large uploads in any Node server**, with this library or without: \`node --initial-old-space-size=128 server.js\`
halves the processor time of an upload where V8 collects its whole heap every few dozen MiB because the heap
of the process is small. Whether yours does: \`node --trace-gc server.js | grep -c Mark-Compact\` during one upload.`
}

function spared({ waste }) {
  if (waste === undefined) return undefined
  const received = (server) =>
    waste.records.find(
      (row) => row.server === server && row.client === 'expecting' && row.link === undefined,
    )?.receivedBytes
  return `* **${bytes(received('express:limited'))}** of a refused 1 GiB upload reach the server when the client asks first; of
  Express alone, which takes it all before it looks, ${bytes(received('express:plain'))}.`
}

function delivered() {
  const rows = deliveryRows()
  if (rows.length === 0) return undefined
  const sum = (side) =>
    rows.reduce(([seen, sent], row) => [seen + row[side][0], sent + row[side][1]], [0, 0])
  const [ours, closing] = [sum('ours'), sum('closing')]
  return `* **${ours[0]} of ${ours[1]}** refusals arrive at ${rows.length} clients that are still sending; of a server that answers and
  closes, ${closing[0]} of ${closing[1]} ([how it was measured](delivery.md)).`
}

function costs({ instructions }) {
  const more = (name, what) => {
    const ratios = (instructions?.records ?? [])
      .filter((row) => row.name === name && row.protocol === 'HTTP/1.1')
      .map(({ ratio }) => ((ratio - 1) * 100).toFixed(1))
    return ratios.length === 0 ? [] : [`${what} ${[...new Set(ratios)].join(', ')} %`]
  }
  const costly = [...more('get', 'a GET'), ...more('small', 'a POST of 1 KiB')]
  if (costly.length === 0) return undefined
  const servers = [...new Set(instructions.records.map(({ title }) => title))].join(', ')
  return `* More instructions than without it (${servers}): **${costly.join(', ')}**.`
}

export function picturesOf(pictures) {
  return Object.entries(pictures).map(
    ([name, says]) => `<picture>
<source media="(prefers-color-scheme: dark)" srcset="pictures/${name}-dark.svg">
<img alt="${says}" src="pictures/${name}-light.svg">
</picture>`,
  )
}
