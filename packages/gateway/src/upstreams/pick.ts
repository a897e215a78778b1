// The order in which upstreams are tried: in turn, beginning with the next one; those that said no
// lately come last, but they do come.

export class Rotation {
  #next = 0

  order(origins: readonly string[], isAvoided: (origin: string) => boolean): readonly string[] {
    if (origins.length < 2) return origins
    const start = this.#next % origins.length
    this.#next = (start + 1) % origins.length
    const turned = [...origins.slice(start), ...origins.slice(0, start)]
    const avoided = turned.filter(isAvoided)
    return avoided.length === 0
      ? turned
      : [...turned.filter((origin) => !avoided.includes(origin)), ...avoided]
  }
}
