// Node as it comes.
import http from 'node:http'
import { handler } from './node-handler.mjs'
import { listen } from './support.mjs'

listen(http.createServer(handler))
