// Every difference between a server without the library and the same server with it that is meant,
// and what it stands on; docs/no-harm.md shows them. What none of them names is a failure, so each
// predicate is as narrow as the sentence beside it. It gets the difference (`field`, `n`), the request
// as Node reads it, its room, what was seen without the library (`one`) and with it (`two`).
import { FOR_THE_APPLICATION } from './improvements-application.mjs'
import { FOR_THE_CLIENT } from './improvements-client.mjs'
import { OF_EXPECTATIONS } from './improvements-expectation.mjs'

export const IMPROVEMENTS = [...OF_EXPECTATIONS, ...FOR_THE_CLIENT, ...FOR_THE_APPLICATION]
