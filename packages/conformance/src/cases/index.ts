// All cases, in the order of their areas. Each id is unique, for ever.

import { alreadyThere } from './already-there.js'
import type { Case } from './case.js'
import { coexistence } from './coexistence.js'
import { connections } from './connection.js'
import { connectionEnds } from './connection-end.js'
import { cutShort } from './cut-short.js'
import { hostiles } from './hostile.js'
import { hostileBytes } from './hostile-bytes.js'
import { http2Cases } from './http2.js'
import { methods } from './methods.js'
import { recognition } from './recognition.js'
import { statuses } from './status.js'
import { timings } from './timing.js'
import { timingOfRoutes } from './timing-routes.js'
import { versions } from './versions.js'

export const cases: readonly Case[] = [
  ...recognition,
  ...versions,
  ...timings,
  ...timingOfRoutes,
  ...alreadyThere,
  ...cutShort,
  ...connections,
  ...connectionEnds,
  ...methods,
  ...statuses,
  ...hostiles,
  ...hostileBytes,
  ...coexistence,
  ...http2Cases,
]
