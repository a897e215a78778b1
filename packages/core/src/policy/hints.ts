// Names that people guess for our options, from body parsers, multer and the like.

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
  checks: ['authorize', 'before', 'check', 'filefilter', 'filter', 'guard', 'guards', 'validate'],
  checkTimeoutMs: ['checktimeout', 'deadline', 'timeout', 'timeoutms'],
  format: ['body', 'errorformat', 'formatter', 'shape'],
  logger: ['log', 'logging'],
  onOutcome: ['onfinish', 'onrefusal', 'onrefused', 'onupload'],
}

const OPTION_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(GUESSES).flatMap(([option, guesses]) =>
    guesses.map((guess): [string, string] => [guess, option]),
  ),
)

/** The option that a name most likely means; compared without case, dashes and underscores. */
export function optionMeantBy(name: string): string | undefined {
  return OPTION_OF.get(name.toLowerCase().replaceAll(/[-_]/g, ''))
}
