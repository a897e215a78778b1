// Loaded before a page's program: a server that would listen on port 3000 listens on a free one, and
// its port is told in a line of its own.
import net from 'node:net'

const { listen } = net.Server.prototype

net.Server.prototype.listen = function listenAnywhere(...given) {
  const [first] = given
  const port = typeof first === 'object' && first !== null ? first.port : first
  if (Number(port) !== 3000) return listen.apply(this, given)
  this.once('listening', () => console.log(`listening on ${this.address().port}`))
  const callback = given.find((argument) => typeof argument === 'function')
  return listen.call(this, { port: 0, host: '127.0.0.1' }, callback)
}
