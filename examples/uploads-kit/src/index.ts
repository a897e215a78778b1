// Everything of the upload service that no framework is needed for.

export { askAsClient } from './ask.js'
export { type CurlLine, curlLines, makeFiles } from './curl-lines.js'
export { type Attempt, attempt, runDemo } from './demo.js'
export { createFeed, type Feed } from './feed.js'
export { createNotes, type Note, type Notes } from './notes.js'
export { outcomeLine } from './outcome-line.js'
export { type PageFile, pageFiles } from './page.js'
export { explainStartFault, originOf, run, stopOnSignal } from './run.js'
export { readSettings, SettingError, type Settings } from './settings.js'
export { type ListedFile, openStorage, type Storage, type StoredFile } from './storage.js'
export { checkToken } from './token.js'
