// Servers that answer from the head and close with the content unread, in three manners.
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import https from 'node:https'
import { certificate } from '../support/certificate.js'
import { type Running, serve } from '../support/server.js'

type Leave = (request: IncomingMessage, response: ServerResponse) => void

export const manners: Readonly<Record<string, Leave>> = {
  'answers and closes': (_request, response) => void response.end('no\n'),
  'answers and destroys': (request, response) => {
    response.end('no\n', () => request.socket.destroy())
  },
  'destroys at once': (request, response) => {
    response.end('no\n')
    request.socket.destroy()
  },
}

export async function rudeServer(leave: Leave, secure = false): Promise<Running> {
  const answer: RequestListener = (request, response) => {
    request.on('error', () => undefined)
    response.writeHead(413, { 'Content-Length': 3, Connection: 'close' })
    leave(request, response)
  }
  if (!secure) return serve(http.createServer(answer))
  const running = await serve(https.createServer(certificate, answer))
  return { ...running, url: running.url.replace('http:', 'https:') }
}
