// How each proxy is run in the foreground from a directory of its own, without rights.

import { spawnSync } from 'node:child_process'

export type ProgramName =
  | 'nginx'
  | 'apache'
  | 'haproxy'
  | 'caddy'
  | 'lighttpd'
  | 'h2o'
  | 'varnish'
  | 'squid'

export interface Program {
  readonly command: string
  readonly debianPackage: string
  readonly versionArguments: readonly string[]
  /** `config` is the file; relative paths in it are meant to be below `directory`, and `port` stands in it. */
  run(config: string, directory: string, port: number): readonly string[]
}

export const programs: Readonly<Record<ProgramName, Program>> = {
  nginx: {
    command: 'nginx',
    debianPackage: 'nginx',
    versionArguments: ['-v'],
    run: (config, directory) => ['-p', `${directory}/`, '-c', config, '-e', 'stderr'],
  },
  apache: {
    command: 'apache2',
    debianPackage: 'apache2',
    versionArguments: ['-v'],
    run: (config, directory) => ['-d', directory, '-f', config, '-DFOREGROUND'],
  },
  haproxy: {
    command: 'haproxy',
    debianPackage: 'haproxy',
    versionArguments: ['-v'],
    run: (config, directory) => ['-C', directory, '-f', config, '-db'],
  },
  caddy: {
    command: 'caddy',
    debianPackage: 'caddy',
    versionArguments: ['version'],
    run: (config) => ['run', '--config', config, '--adapter', 'caddyfile'],
  },
  lighttpd: {
    command: 'lighttpd',
    debianPackage: 'lighttpd',
    versionArguments: ['-v'],
    run: (config) => ['-D', '-f', config],
  },
  h2o: {
    command: 'h2o',
    debianPackage: 'h2o',
    versionArguments: ['-v'],
    run: (config) => ['-c', config],
  },
  varnish: {
    command: 'varnishd',
    debianPackage: 'varnish',
    versionArguments: ['-V'],
    // Its language does not say where to listen.
    run: (config, directory, port) => [
      ...['-F', '-j', 'none', '-f', config, '-a', `127.0.0.1:${port}`],
      ...['-n', `${directory}/varnish`, '-s', 'malloc,16m', '-T', 'none'],
    ],
  },
  squid: {
    command: 'squid',
    debianPackage: 'squid',
    versionArguments: ['-v'],
    run: (config) => ['-N', '-f', config],
  },
}

/** The path a service's programs are found at; that of ordinary users lacks `/usr/sbin`. */
export const programPath = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`

/** Such as `1.22.1`; undefined when the program is not installed. */
export function installedVersion(name: ProgramName): string | undefined {
  const { command, versionArguments } = programs[name]
  const shown = spawnSync(command, versionArguments, {
    encoding: 'utf8',
    env: { ...process.env, PATH: programPath },
  })
  if (shown.error !== undefined) return undefined
  return /\d+\.\d+\.\d+/.exec(`${shown.stdout}${shown.stderr}`)?.[0] ?? 'unknown version'
}
