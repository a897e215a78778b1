// Sizes as people write them.

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 2 ** 10, mb: 2 ** 20 }

/** `'256kb'` is 262144, as in all of these packages; undefined for what is no size. */
export function bytesOf(size: unknown): number | undefined {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size >= 0 ? size : undefined
  if (typeof size !== 'string') return undefined
  const match = /^(\d{1,9}) ?(b|kb|mb)?$/i.exec(size.trim())
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()]
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit
}

/** `256 KiB`, for sentences. */
export function showBytes(bytes: number): string {
  if (bytes < 2 ** 10) return `${bytes} bytes`
  const [size, unit] = bytes < 2 ** 20 ? [bytes / 2 ** 10, 'KiB'] : [bytes / 2 ** 20, 'MiB']
  return `${Number(size.toFixed(1))} ${unit}`
}
