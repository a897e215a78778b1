// What operators take as it is: names that keep to the conventions, alert rules that fire when they
// should and only then, a dashboard and documentation that speak of metrics which exist.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ADMISSION_CHANNEL, RELAY_CHANNEL } from '@expectation/core'
import { CHANNELS } from '@expectation/core/node'
import { openTelemetry, prometheus } from '@expectation/metrics'
import { createNoopMeter } from '@opentelemetry/api'
import { Registry } from 'prom-client'
import { afterThisTest } from '../support/cleanup.js'
import { describeWhen } from '../support/skip.js'
import { hasPromtool, promtool, written } from './support/promtool.js'

const root = path.join(__dirname, '../..')
const rules = path.join(root, 'packages/metrics/alerts/expectation.rules.yml')
const dashboard = path.join(root, 'packages/metrics/dashboards/expectation.json')
const documentation = readFileSync(path.join(root, 'docs/observability.md'), 'utf8')

function metrics(): { readonly names: readonly string[]; readonly register: Registry } {
  const register = new Registry()
  const counting = prometheus(register)
  afterThisTest(() => counting.stop())
  return { names: register.getMetricsAsArray().map(({ name }) => name), register }
}

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}

function expressions(): readonly string[] {
  const { panels } = JSON.parse(readFileSync(dashboard, 'utf8')) as Dashboard
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
}

const METRIC = /\bexpectation_\w+/g

function unknownIn(text: string, names: readonly string[]): readonly string[] {
  const mentioned = [...text.matchAll(METRIC)].map(([name]) => name)
  expect(mentioned.length).toBeGreaterThan(5)
  return mentioned.filter((name) => !names.includes(name.replace(/_(bucket|sum|count)$/, '')))
}

test('the dashboard asks for every metric, and for none that does not exist', () => {
  const { names } = metrics()
  const asked = expressions().join('\n')
  expect(unknownIn(asked, names)).toEqual([])
  expect(names.filter((name) => !asked.includes(name))).toEqual([])
})

test('the alerts ask for no metric that does not exist', () => {
  expect(unknownIn(readFileSync(rules, 'utf8'), metrics().names)).toEqual([])
})

test('the documentation has one row for each alert, in one table', () => {
  const [, ...rows] = /^\| alert \|.*(?:\n\|.*)*/m.exec(documentation)?.[0].split('\n') ?? []
  const listed = rows.flatMap((row) => /^\| `(\w+)` \|/.exec(row)?.[1] ?? [])
  const alerts = [...readFileSync(rules, 'utf8').matchAll(/^ +- alert: (\w+)$/gm)]
  expect(alerts.length).toBeGreaterThan(5)
  expect(listed).toEqual(alerts.map(([, name]) => name))
})

test('the documentation lists every metric of Prometheus, and none that does not exist', () => {
  const { names } = metrics()
  expect(unknownIn(documentation, names)).toEqual([])
  const listed = [...documentation.matchAll(/^\| `(expectation_\w+)` \|/gm)].map(([, name]) => name)
  expect(listed).toEqual(names)
})

test('the documentation lists every instrument of OpenTelemetry', () => {
  const names: string[] = []
  const meter = new Proxy(createNoopMeter(), {
    get(target, property) {
      const create: unknown = Reflect.get(target, property)
      if (typeof create !== 'function') return create
      return (name: string, ...rest: unknown[]): unknown => {
        names.push(name)
        return Reflect.apply(create, target, [name, ...rest])
      }
    },
  })
  const counting = openTelemetry(meter)
  afterThisTest(() => counting.stop())
  const rows = /^\| `(expectation\.[\w.]+)` \| [^|]+, [^|]+ \| `expectation_/gm
  const listed = [...documentation.matchAll(rows)].map(([, name]) => name)
  expect(listed).toEqual(names)
})

test('every channel has its section', () => {
  const headings = [...documentation.matchAll(/^### (expectation:.+)$/gm)].flatMap(
    ([, heading]) => heading?.split(' and ') ?? [],
  )
  expect(headings.sort()).toEqual(
    [...Object.values(CHANNELS), ADMISSION_CHANNEL, RELAY_CHANNEL].sort(),
  )
})

describeWhen(hasPromtool, 'promtool is not installed')('promtool', () => {
  test('has nothing to say about a scrape', async () => {
    const { register } = metrics()
    expect(promtool(['check', 'metrics'], await register.metrics())).toEqual({
      code: 0,
      output: '',
    })
  })

  test('takes the alert rules', () => {
    expect(promtool(['check', 'rules', rules])).toMatchObject({ code: 0 })
  })

  test('finds that alerts fire when they should, and only then', () => {
    const cases = readFileSync(path.join(__dirname, 'alerts.promtool.yml'), 'utf8')
    const file = written('alerts.yml', cases.replace('RULES', rules))
    expect(promtool(['test', 'rules', file])).toMatchObject({ code: 0 })
  })

  test('can read every expression of the dashboard', () => {
    const records = expressions().map((expression, index) => ({
      record: `panel_${index}`,
      expr: expression.replaceAll(/\$__(rate_interval|range)/g, '5m'),
    }))
    const file = written('panels.yml', JSON.stringify({ groups: [{ name: 'a', rules: records }] }))
    expect(promtool(['check', 'rules', file])).toMatchObject({ code: 0 })
  })
})
