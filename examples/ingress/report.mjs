// The same facts for the terminal and for the page.

export function megabytes(bytes) {
  return bytes === 0 ? '0' : `${(bytes / 1_000_000).toFixed(1)} MB`
}

export function line({ title, status, reason = '', by = '', tried, hops, killed }) {
  const what = [status, reason, by && `by ${by}`].filter(Boolean).join(' ')
  const before = tried.length > 1 ? `  tried: ${tried.join(', then ')}` : ''
  const names = ['client', 'gateway', 'service']
  const carried = hops.map((bytes, at) => `${names[at]} ${megabytes(bytes)}`).join(' → ')
  const died = killed === undefined ? '' : `  ${killed} was killed and started again`
  return `${title}\n    ${what}${before}${died}\n    content sent by: ${carried}`
}

/** What the processes have told of all uploads. */
export class Figures {
  stored = 0
  refused = { gateway: 0, service: 0, admission: 0, storage: 0 }
  sparedBytes = 0
  kills = 0
  #held = new Map()

  constructor(chain) {
    chain.on('message', (message, name) => this.#take(message, name))
  }

  get held() {
    return [...this.#held.values()].reduce((sum, slots) => sum + slots, 0)
  }

  #take({ outcome, held, ended }, name) {
    if (ended) {
      this.kills += 1
      this.#held.delete(name)
    }
    if (held !== undefined) this.#held.set(name, held)
    if (outcome === undefined) return
    if (name === 'gateway') {
      this.sparedBytes += outcome.avoidedBytes ?? 0
      if (outcome.reason === 'content_too_large') this.refused.gateway += 1
    } else if (outcome.status === 201) this.stored += 1
    else if (outcome.reason === 'storage_refused') this.refused.storage += 1
    else if (/^(uploads_at_capacity|too_many_uploads|admission_)/.test(outcome.reason)) {
      this.refused.admission += 1
    } else if (outcome.status === 401 || outcome.status === 415) this.refused.service += 1
  }

  lines() {
    const { gateway, service, admission, storage } = this.refused
    return [
      `stored ${this.stored}; refused by the gateway ${gateway}, by a service ${service}, by admission ${admission}, by the storage ${storage}`,
      `never sent: ${megabytes(this.sparedBytes)}; slots held now: ${this.held}; processes killed: ${this.kills}`,
    ]
  }
}
