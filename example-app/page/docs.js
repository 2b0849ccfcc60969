import { byId } from './dom.js'

const page = byId('docs')

try {
  const api = await (await fetch('/openapi.json')).json()
  page.replaceChildren(
    element('p', { class: 'lead' }, api.info.description),
    element('nav', { 'aria-label': 'Operations', class: 'card contents' }, contents(api)),
    ...operations(api).map(operation),
    element('h2', {}, 'Shapes'),
    ...Object.entries(api.components.schemas).map(([name, schema]) => shape(name, schema)),
  )
} catch {
  byId('docs-state').textContent = 'The description cannot be loaded. Try again later.'
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

function operations(api) {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, about]) => ({ path, method: method.toUpperCase(), ...about })),
  )
}

function contents(api) {
  const rows = operations(api).map(({ operationId, method, path }) =>
    element('li', {}, element('a', { href: `#${operationId}` }, badge(method), element('code', {}, path))),
  )
  return element('ul', {}, ...rows)
}

function badge(method) {
  return element('span', { class: `method ${method.toLowerCase()}` }, method)
}

function operation({
  operationId,
  method,
  path,
  summary,
  description,
  parameters,
  requestBody,
  responses,
  security,
}) {
  return element(
    'section',
    { id: operationId, class: 'card operation' },
    element('h2', {}, badge(method), element('code', {}, path)),
    element('p', {}, summary),
    description && element('p', { class: 'note' }, description),
    security && element('p', { class: 'note' }, 'Needs the API token, where the service has one.'),
    parameters.length > 0 ? table('Parameters', parameters.map(parameterRow)) : undefined,
    requestBody && element('p', {}, 'Body: ', ...typeOf(bodySchema(requestBody))),
    table('Answers', Object.entries(responses).map(answerRow)),
  )
}

function bodySchema({ content = {} }) {
  return Object.values(content)[0]?.schema
}

function table(caption, rows) {
  return element('table', {}, element('caption', {}, caption), element('tbody', {}, ...rows))
}

function row(name, type, text) {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', {}, ...type),
    element('td', {}, text),
  )
}

function parameterRow({ name, schema }) {
  return row(name, typeOf(schema), describe(schema))
}

function answerRow([status, response]) {
  const schema = bodySchema(response)
  return row(status, schema ? typeOf(schema) : [], response.description)
}

function shape(name, { properties, required = [] }) {
  const rows = Object.entries(properties).map(([property, schema]) => {
    const needed = required.includes(property) ? 'always there. ' : ''
    return row(property, typeOf(schema), needed + describe(schema))
  })
  return element(
    'section',
    { id: name, class: 'card operation' },
    element('h3', {}, name),
    table('Fields', rows),
  )
}

function typeOf(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)
    return [element('a', { href: `#${name}` }, name)]
  }
  if (schema.items) return ['list of ', ...typeOf(schema.items)]
  return [[schema.type].flat().filter(Boolean).join(' or '), schema.format ? ` (${schema.format})` : '']
}

function describe({ description, minimum, maximum, maxLength, enum: values, default: initial }) {
  const parts = [
    description,
    values && `one of ${values.join(', ')}`,
    minimum !== undefined && `from ${minimum} to ${maximum}`,
    maxLength && `at most ${maxLength} characters`,
    initial !== undefined && `by default ${JSON.stringify(initial)}`,
  ]
  return parts.filter(Boolean).join('; ')
}
