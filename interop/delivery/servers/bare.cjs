const http = require('node:http')
const { attach } = require('@expectation/core/node')
const tell = require('./kit/tell.cjs')

const server = http.createServer((req, res) => {
  if (req.method === 'GET') res.setHeader('Content-Type', 'text/html').end(tell.page)
  else res.writeHead(201).end()
})
attach(server, { maxContentLength: '1mb' })
tell(server.listen(0, tell.host))
