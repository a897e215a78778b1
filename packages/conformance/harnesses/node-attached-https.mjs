// HTTPS with attach(); key and certificate come from the environment.
import https from 'node:https'
import { attach } from '@expectation/core/node'
import { handler } from './node-handler.mjs'
import { listen } from './support.mjs'

const { TLS_KEY: key, TLS_CERT: cert } = process.env
listen(attach(https.createServer({ key, cert }, handler), {}))
