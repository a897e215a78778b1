// Names that people guess for our options, from body parsers, multer and the like. First those that are
// known, then what a name is made of.

const GUESSES: Readonly<Record<string, readonly string[]>> = {
  maxContentLength: [
    'bodylimit',
    'bytes',
    'contentlength',
    'filesize',
    'limit',
    'limits',
    'max',
    'maxbodylength',
    'maxbodysize',
    'maxbytes',
    'maxfilesize',
    'maxlength',
    'maxpayload',
    'maxrequestsize',
    'maxsize',
    'maxuploadsize',
    'size',
    'sizelimit',
  ],
  acceptedTypes: [
    'accept',
    'acceptedmimetypes',
    'accepts',
    'allowedcontenttypes',
    'allowedmimetypes',
    'allowedtypes',
    'contenttype',
    'contenttypes',
    'mediatypes',
    'mimetypes',
    'mimes',
    'type',
    'types',
  ],
  acceptedCodings: ['acceptedencodings', 'contentencodings', 'encodings', 'inflate'],
  requireContentLength: ['lengthrequired', 'requirelength'],
  checks: [
    'auth',
    'authenticate',
    'authorize',
    'before',
    'check',
    'filefilter',
    'filter',
    'guard',
    'guards',
    'validate',
  ],
  checkTimeoutMs: ['checktimeout', 'deadline', 'timeout', 'timeoutms'],
  format: ['body', 'errorformat', 'formatter', 'shape'],
  logger: ['log', 'logging'],
  log: ['logger', 'logging', 'onerror'],
  headers: ['cors', 'fields', 'header', 'responseheaders'],
  method: ['methods', 'verb', 'verbs'],
  path: ['paths', 'route', 'url'],
  policies: ['paths', 'policy', 'routes', 'rules'],
  onOutcome: ['onfinish', 'onrefusal', 'onrefused', 'onupload'],
}

/** What is in a name, first fit: `maxUploadBytes`, `allowedFileTypes`, `requestDeadline`. */
const MADE_OF: readonly (readonly [RegExp, string])[] = [
  [/mime|types?$|^allow/, 'acceptedTypes'],
  [/encoding|coding/, 'acceptedCodings'],
  [/timeout|deadline/, 'checkTimeoutMs'],
  [/size|bytes|limit|^max(body|content|file|payload|upload)/, 'maxContentLength'],
]

/** The option that a name most likely means; compared without case, dashes and underscores. */
export function optionMeantBy(name: string, known: readonly string[]): string | undefined {
  const guess = simple(name)
  return Object.keys(GUESSES).find(
    (option) => known.includes(option) && GUESSES[option]?.includes(guess),
  )
}

/** For a name that is not like any other. */
export function optionMadeOf(name: string, known: readonly string[]): string | undefined {
  const guess = simple(name)
  return MADE_OF.find(([pattern, option]) => known.includes(option) && pattern.test(guess))?.[1]
}

function simple(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}
