import { count, ratio, table } from './table.mjs'

export function pipeliningSection(records) {
  return `## Pipelined

POSTs of 1 KiB, ${records[0].depth} at once on each of ten connections (\`autocannon -m POST -p 4\` does the same). Within
10 % of bare was promised; processor time for each request says it better than requests for each second.

${table(
  ['', 'bare', 'gated', 'processor, bare', 'gated', 'ratio'],
  records.map(({ title, perSecond, cpuUs }) => [
    title,
    `${count(perSecond[0])}/s`,
    `${count(perSecond[1])}/s`,
    ...cpuUs.map((us) => `${us.toFixed(1)} µs`),
    `**${ratio(cpuUs[1] / cpuUs[0])}**`,
  ]),
)}`
}
