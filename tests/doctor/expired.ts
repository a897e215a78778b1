// A self-signed certificate of January 2020, with the key of the one that tests use; a file, as OpenSSL 3.0
// makes none that has ended already in one step.

import { certificate } from '../support/certificate.js'

export const expired = {
  key: certificate.key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBIzCByQIUWxkwBGOBfwS9VcLDTo+kwMoPbUAwCgYIKoZIzj0EAwIwFDESMBAG
A1UEAwwJbG9jYWxob3N0MB4XDTIwMDEwMTAwMDAwMFoXDTIwMDIwMTAwMDAwMFow
FDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
HstyyEECaxMj1IdPLg5IlV4ozqoEXIIFSfzSz4n5pvppn2NAADldAci904lT6xlV
8DTHyLxuAx5CpUyWNwxXvTAKBggqhkjOPQQDAgNJADBGAiEA9coB4ALT9/Ip4vXh
Eb3E8BKqC3bENAACBLa8QomFSTACIQDAvpQrh4R3d3d8hIcd90kleZfzGZA10X0j
rwKknqUvAQ==
-----END CERTIFICATE-----`,
} as const
