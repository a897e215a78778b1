// Puts the library in force in a process that knows nothing of it, for other people's suites. Says how
// by NO_HARM_MODE: every server attached, every server gated, or the gate mounted in every application
// that NO_HARM_APP ({ kind, entry }) makes.
const { appendFileSync } = require('node:fs')
const http = require('node:http')
const Module = require('node:module')
const net = require('node:net')
const mode = process.env.NO_HARM_MODE
const app = process.env.NO_HARM_APP ? JSON.parse(process.env.NO_HARM_APP) : undefined

/** One byte in NO_HARM_COUNT for each server, or application, that the library is in force on. */
function count() {
  if (process.env.NO_HARM_COUNT) appendFileSync(process.env.NO_HARM_COUNT, '.')
}

if (mode === 'attached' || mode === 'gated') {
  const { attach } = require('@expectation/core/node')
  const { listen } = net.Server.prototype
  const isHttp = (server) =>
    server instanceof http.Server ||
    (/^(Server|Http2Server|Http2SecureServer)$/.test(server.constructor.name) &&
      'timeout' in server)
  net.Server.prototype.listen = function (...args) {
    if (isHttp(this)) {
      attach(this, mode === 'gated' ? {} : undefined)
      count()
    }
    return listen.apply(this, args)
  }
}

if (mode === 'mounted' && app !== undefined) {
  const load = Module._load
  const wrapped = new Map()
  Module._load = function (request, parent, isMain) {
    const exports = load.call(this, request, parent, isMain)
    if (typeof exports !== 'function') return exports
    let file
    try {
      file = Module._resolveFilename(request, parent, isMain)
    } catch {
      return exports
    }
    if (file !== app.entry) return exports
    if (!wrapped.has(exports)) wrapped.set(exports, mounting[app.kind](exports))
    return wrapped.get(exports)
  }
}

/** Express 5 makes the router when it is first asked for, with the settings of that moment. */
function mountFirst(app, expectation) {
  const { get } = Object.getOwnPropertyDescriptor(app, 'router')
  let first = true
  Object.defineProperty(app, 'router', {
    configurable: true,
    enumerable: true,
    get() {
      const router = get.call(app)
      if (first) {
        first = false
        use(router, expectation)
      }
      return router
    },
  })
}

function use(router, expectation) {
  router.use(expectation())
  count()
}

const mounting = {
  fastify(fastify) {
    const { expectation, errorHandler } = require('@expectation/fastify')
    // Where the shape of errors belongs to the plugin, it is left to Fastify.
    const options = errorHandler ? {} : { errorHandler: false, notFound: false }
    const make = (target, self, args) => {
      const instance = Reflect.apply(target, self, args)
      instance.register(expectation, options)
      count()
      return instance
    }
    const proxy = new Proxy(fastify, { apply: make })
    proxy.fastify = proxy.default = proxy
    return proxy
  },
  /** The gate comes first in the router, when the application first needs one. */
  express(express) {
    const { expectation } = require('@expectation/express')
    return new Proxy(express, {
      apply(target, self, args) {
        const made = Reflect.apply(target, self, args)
        if (typeof made.lazyrouter === 'function') {
          const { lazyrouter } = made
          made.lazyrouter = function () {
            const first = this._router === undefined
            lazyrouter.call(this)
            if (first) use(this._router, expectation)
          }
        } else mountFirst(made, expectation)
        return made
      },
    })
  },
}
