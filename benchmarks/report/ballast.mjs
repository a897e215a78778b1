import { count, ratio, table } from './table.mjs'

const GIB = 2 ** 30

export function ballastSection({ objects, processes, rounds, records }) {
  return `## 1 GiB, accepted

Processor time of the server for 1 GiB that is read and counted, with and without the gate, each with
${count(objects)} small objects that stay, as a real application has them: in a young process V8 may mark and compact
thirty times for the same upload, which doubles the time, with the gate or without it. Where large uploads
matter, start Node as \`node --initial-old-space-size=128 server.js\`
([why](../benchmarks/FINDINGS.md#large-uploads-and-v8s-collector)).
At most 1.02 of bare was promised; two runs of the whole differ by up to 0.04.
Medians of ${processes * rounds} rounds of ${processes} processes each. *Spread*: least and greatest ratio of two rounds that followed each other.

${table(
  ['', 'bare', 'gated', 'ratio', 'spread'],
  records.map(({ title, largeBytes, baseUs, gateUs, ratio: each, spread }) => [
    title,
    milliseconds(baseUs, largeBytes),
    milliseconds(gateUs, largeBytes),
    `**${ratio(each)}**`,
    spread.map(ratio).join('–'),
  ]),
)}`
}

function milliseconds(us, bytes) {
  return `${count((us / 1000) * (GIB / bytes))} ms`
}
