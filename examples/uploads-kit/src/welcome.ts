// What the terminal shows when the service has started.

import { curlLines, makeFiles } from './curl-lines.js'
import type { Settings } from './settings.js'

export function welcomeText(origin: string, settings: Settings): string {
  const lines = curlLines(origin, settings.token).flatMap(({ title, status, command }) => [
    `  # ${title}: ${status}`,
    `  ${command}`,
  ])
  return [
    '',
    `Uploads are decided before they are sent: open ${origin}/`,
    '',
    `  token    ${settings.token}`,
    `  files    ${settings.uploadDirectory}`,
    '',
    'Or in another terminal (the last line of each answer is the status, and what curl has sent):',
    '',
    '  # Two files to send, and what all lines have in common',
    `  ${makeFiles}`,
    ...lines,
    '',
  ].join('\n')
}
