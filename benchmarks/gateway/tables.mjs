// Ratios are medians of the ratios within each round, as rounds differ by more than the sides do. Of a rate
// more is better, of processor time less.
import { median } from '../end-to-end/statistics.mjs'

const BASES = ['http-proxy', 'HAProxy']

export function printLarge(all) {
  const by = (name, key) => all[name].uploads.map((upload) => upload[key])
  const bases = BASES.filter((base) => base in all)
  const of = bases.map((base) => `of ${base}`)
  row('1 GiB', 'MiB/s', ...of, 'processor ms', ...of, 'client', 'upstream', 'peak MiB')
  line(6 + 2 * bases.length)
  for (const [name, { peaks }] of Object.entries(all)) {
    row(
      name,
      Math.round(1_024_000 / median(by(name, 'ms'))),
      ...bases.map((base) => ratio(by(base, 'ms'), by(name, 'ms'))),
      Math.round(median(by(name, 'ownMs'))),
      ...bases.map((base) => ratio(by(name, 'ownMs'), by(base, 'ownMs'))),
      Math.round(median(by(name, 'clientMs'))),
      Math.round(median(by(name, 'upstreamMs'))),
      Math.round(Math.max(...peaks)),
    )
  }
  console.log()
}

export function printSmall(seen) {
  const titles = Object.keys(seen)
  row('', ...titles.flatMap((title) => [`${title} /s`, 'of http-proxy', 'processor µs']))
  line(1 + 3 * titles.length)
  for (const name of Object.keys(seen[titles[0]])) {
    const cells = titles.flatMap((title) => {
      const rates = (side) => seen[title][side].map(({ perSecond }) => perSecond)
      const own = rates(name)
      return [
        Math.round(median(own)),
        ratio(own, rates('http-proxy')),
        Math.round(median(seen[title][name].map(({ ownUs }) => ownUs))),
      ]
    })
    row(name, ...cells)
  }
  console.log()
}

/** How many times as much, round by round. */
function ratio(these, those) {
  return median(these.map((each, at) => each / those[at])).toFixed(2)
}

const row = (...cells) => console.log(`| ${cells.join(' | ')} |`)
const line = (columns) => console.log(`|${'---|'.repeat(columns)}`)
