// The small JSON API beside the uploads: it shows that ordinary routes go on as before.

import { Refusal } from '@expectation/core'

export interface Note {
  readonly id: number
  readonly text: string
}

export interface Notes {
  /** Throws a `Refusal` (422) unless `content` is an object with a non-empty `text`. */
  add(content: unknown): Note
  list(): readonly Note[]
}

const KEPT = 100

export function createNotes(): Notes {
  const notes: Note[] = []
  let lastId = 0
  return {
    add(content) {
      const note = { id: ++lastId, text: readText(content) }
      notes.push(note)
      if (notes.length > KEPT) notes.shift()
      return note
    },
    list: () => [...notes],
  }
}

function readText(content: unknown): string {
  if (typeof content === 'object' && content !== null && 'text' in content) {
    const { text } = content
    if (typeof text === 'string' && text !== '') return text
  }
  throw new Refusal(422, {
    reason: 'text_missing',
    message: 'A note needs a text',
    details: 'Send JSON such as {"text":"Buy milk"} with Content-Type: application/json.',
  })
}
