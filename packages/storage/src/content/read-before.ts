// The error for content that somebody else has, had or changes: two readers of one stream get a part each,
// and a part would be stored as the whole. It is a fault of the service, never of the client.

/** Why this reader cannot have the content as it was sent. */
export type Spoilt = 'read' | 'given' | 'text'

const TEXT: Readonly<Record<Spoilt, string>> = {
  read: 'The content of the request has been read already, or somebody reads it now. Mount contentOf, toS3 and toDisk before what reads content, as body parsers do, and store it once.',
  given:
    'What contentOf() gave has been read already, or somebody reads it now. Content comes once: store it once.',
  text: 'The request gives text instead of bytes, since setEncoding() was called on it. Leave that out: content that is no text would be changed.',
}

export function readBefore(how: Spoilt): Error {
  return Object.assign(new Error(TEXT[how]), { code: 'ERR_EXPECTATION_CONTENT_READ' })
}
