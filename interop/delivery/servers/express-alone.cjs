// Express without this library. An application that looks at the declared length answers so.
const express = require('express')
const tell = require('./kit/tell.cjs')

const app = express()
app.get('/', (_req, res) => res.send(tell.page))
app.put('/files/:name', (req, res) => {
  if (Number(req.headers['content-length']) <= 1_048_576) return res.status(201).end()
  if (process.env.INTEROP_CLOSE === '1') res.set('Connection', 'close')
  res.status(413).json({ error: { code: 413 } })
})
tell(app.listen(0, tell.host))
