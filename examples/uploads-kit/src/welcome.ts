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
    'Or in another terminal (status and bytes that curl sent stand in the last line of each answer):',
    '',
    '  # Two files to send',
    `  ${makeFiles}`,
    ...lines,
    '',
  ].join('\n')
}
