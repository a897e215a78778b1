// Numbers of bytes as options take them ('64kb', '5gb', 1000) and as people read them.

const UNITS = ['b', 'kb', 'mb', 'gb', 'tb'] as const
const AMOUNT = /^(?<number>\d+(?:\.\d+)?) *(?<unit>b|kb|mb|gb|tb)?$/i

/** A unit is 1024 of the one below, as in the `bytes` package; `undefined` for what is no number of bytes. */
export function parseBytes(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  const groups = typeof value === 'string' ? AMOUNT.exec(value)?.groups : undefined
  if (groups === undefined) return undefined
  const power = UNITS.findIndex((unit) => unit === (groups.unit ?? 'b').toLowerCase())
  const bytes = Math.floor(Number(groups.number) * 1024 ** power)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** For people: `20.0 MB`, in units of 1000, as file managers show them. */
export function showBytes(bytes: number): string {
  const shown = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  if (value < 1) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  let unit = 0
  while (value >= 1000 && unit < shown.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value.toFixed(1)} ${shown[unit]}`
}
