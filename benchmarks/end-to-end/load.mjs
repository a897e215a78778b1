// One round of load on one server: requests per second as the client saw them, and processor time
// for each as the server saw it, which other programs on the machine disturb less.

import { protocolOf } from '../servers/catalogue.mjs'

export class Load {
  constructor(child) {
    this.child = child
  }

  async round(server, order) {
    // Heard by one listener each: two that come in one read are told before any promise goes on.
    const stage = (kind) =>
      new Promise((resolve) => {
        const heard = (message) => {
          if (message.kind !== kind) return
          this.child.off('message', heard)
          resolve(message)
        }
        this.child.on('message', heard)
      })
    const measuring = stage('measuring')
    const measured = stage('measured')
    const reported = stage('report')
    this.child.send({ protocol: protocolOf(server.name), ...order, port: server.port })
    await measuring
    const before = await server.ask?.('cpu')
    await measured
    const after = await server.ask?.('cpu')
    const report = await reported
    // Few large uploads end within a round; their bytes are counted as they go out.
    const done = order.name === 'large' ? report.sentBytes / order.largeBytes : report.completed
    const busyUs = after && after.user + after.system - before.user - before.system
    return {
      ...report,
      perSecond: (done * 1000) / report.elapsedMs,
      cpuUs: after && done > 0 ? busyUs / done : undefined,
    }
  }
}
