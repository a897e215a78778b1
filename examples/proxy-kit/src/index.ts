// What the examples behind proxies share, and what their tests start proxies with.

export { type BehindOptions, runBehind } from './behind.js'
export { writeErrorPages } from './error-pages.js'
export { installedVersion, type Program, type ProgramName, programs } from './programs.js'
export { type ProxyOptions, type RunningProxy, startProxy } from './proxy.js'
