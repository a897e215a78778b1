import { count, ratio, table } from './table.mjs'

const GIB = 2 ** 30

export function ballastSection({ objects, records }) {
  return `## 1 GiB, accepted

Processor time of the server for 1 GiB that is read and counted, with and without the gate, each with
${count(objects)} small objects that stay, as a real application has them: V8 collects otherwise once more lives
than some 8 MB, and a server that is near that line takes twice the time when anything is added to it
([findings](../benchmarks/FINDINGS.md#large-uploads-and-v8s-collector) say what a user can do about it).
At most 1.02 of bare was promised. *Spread*: least and greatest ratio of two rounds that followed each other.

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
