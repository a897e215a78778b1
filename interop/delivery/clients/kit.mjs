// The clients' side of the matrix: `<client> <url> <rounds> <bytes>` uploads so many times and prints
// how often it got what, as one line of JSON. A status counts only when its body came whole.

const LIMIT_MS = 30_000

export async function tally(upload) {
  const [url, rounds, bytes] = process.argv.slice(2)
  const content = Buffer.alloc(Number(bytes), 'x')
  const got = {}
  for (let round = 0; round < Number(rounds); round += 1) {
    const result = await bounded(upload(`${url}/files/${round}.bin`, content))
    got[result] = (got[result] ?? 0) + 1
  }
  console.log(JSON.stringify(got))
  process.exit(0)
}

/** What a library throws where nobody can catch it belongs to the round it came in. */
let strays = () => undefined
process.on('uncaughtException', (error) => strays(error))

async function bounded(upload) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(resolve, LIMIT_MS, 'no answer')
    strays = reject
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([upload, late])
  } catch (error) {
    return codeOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** The innermost code: `fetch failed` says nothing. */
function codeOf(error) {
  const cause = error?.cause
  if (cause !== undefined && cause !== error) return codeOf(cause)
  return error?.code ?? error?.name ?? String(error)
}

/** The status; a 413 counts only when its body is the whole JSON that the server sent. */
export function whole(status, text) {
  if (status !== 413) return String(status)
  try {
    return JSON.parse(text).error === undefined ? `${status}, other body` : String(status)
  } catch {
    return `${status}, broken body`
  }
}
