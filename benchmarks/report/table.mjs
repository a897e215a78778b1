// Markdown tables and numbers as people read them.

export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

export const ratio = (value) => value.toFixed(2)

export function count(value) {
  return Math.round(value).toLocaleString('en-US')
}

export function nanoseconds(value) {
  if (value < 10) return `${value.toFixed(1)} ns`
  return value < 1000 ? `${Math.round(value)} ns` : `${(value / 1000).toFixed(1)} µs`
}

export function milliseconds(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${count(value)} ms`
}

export function bytes(value) {
  if (Math.abs(value) < 10_000) return `${count(value)} B`
  return Math.abs(value) < 1e6 ? `${count(value / 1000)} kB` : `${count(value / 1e6)} MB`
}
