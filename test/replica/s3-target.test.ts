import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openReplicaTarget } from '#lib/replica/open-replica-target.js'
import type { ReplicaTarget } from '#lib/replica/replica-target.js'
import t, { type Test } from 'tap'
import { refuse, SmallS3 } from '../servers/small-s3.ts'
import { createsOnce, keepsObjects } from './target-cases.ts'

const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'a secret' }

async function start(t: Test): Promise<SmallS3> {
  const server = new SmallS3()
  await server.start()
  t.teardown(() => server.stop())
  return server
}

async function open({ endpoint }: { endpoint: string }): Promise<ReplicaTarget> {
  const opened = await openReplicaTarget(`s3://bucket/todo/x?endpoint=${endpoint}/team&region=eu-1`, env)
  if (!opened.ok) throw new Error(opened.problem.message)
  return opened.target
}

void t.test('what was kept under a key is there', async (t) => {
  const server = await start(t)
  const target = await open(server)
  t.equal(target.name, 's3://bucket/todo/x')
  await keepsObjects(t, target)
  const { url, headers } = server.requests.at(-1)!
  t.match(url, /^\/team\/bucket\?list-type=2&prefix=todo%2Fx%2Fgenerations%2F$/, 'path style')
  t.match(
    headers.authorization,
    /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-1\/s3\/aws4_request, SignedHeaders=host;/,
  )
  t.notOk(
    server.requests.some(({ headers }) => 'x-amz-checksum-crc32' in headers || 'x-amz-trailer' in headers),
  )
})

void t.test('of many that create one key at once, one succeeds', async (t) => {
  const server = await start(t)
  await createsOnce(t, await Promise.all(Array.from({ length: 8 }, () => open(server))))
})

void t.test('a server that lets two programs write over each other is refused', async (t) => {
  const server = await start(t)
  server.isConditional = false
  const opened = await openReplicaTarget(`s3://bucket?endpoint=${server.endpoint}`, env)
  t.match(opened, { ok: false, problem: { code: 'invalid-parameter', hint: /If-None-Match/ } })
})

void t.test('an object that is kept elsewhere is fetched without the signature', async (t) => {
  const server = await start(t)
  const elsewhere = await start(t)
  const target = await open(server)
  await target.create('a', Buffer.from('from elsewhere'))
  server.fault = (request, response) => {
    if (request.method === 'GET')
      response.writeHead(302, { location: elsewhere.endpoint + request.url! }).end()
    return request.method === 'GET'
  }
  elsewhere.fault = (_, response) => {
    response.end('from elsewhere')
    return true
  }
  t.equal(String(await target.read('a')), 'from elsewhere')
  t.equal(elsewhere.requests[0]?.headers.authorization, undefined)
  t.equal(elsewhere.requests[0]?.headers['x-amz-date'], undefined)
})

void t.test('a server that is busy for a moment is asked again', async (t) => {
  const server = await start(t)
  const target = await open(server)
  for (const [status, code] of [
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [429, 'TooMany'],
    [409, 'ConditionalRequestConflict'],
  ] as const) {
    let times = 0
    server.fault = (_, response) => {
      if (times++ > 0) return false
      refuse(response, status, code)
      return true
    }
    t.equal(await target.create(`k${status}`, Buffer.from('1')), true, code)
    t.equal(times, 2)
  }
  let cuts = 0
  server.fault = (request) => {
    if (cuts++ > 0) return false
    request.socket.destroy()
    return true
  }
  t.equal(String(await target.read('k503')), '1', 'a connection that was cut off')
})

void t.test('a clock that is wrong here is put right by the one of the server', async (t) => {
  const server = await start(t)
  server.fault = ({ headers }, response) => {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(..)(..)T(..)(..)(..)Z$/.exec(
      String(headers['x-amz-date']),
    )!
    const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    const isSkewed = Math.abs(signedAt - realNow()) > 900_000
    if (isSkewed)
      refuse(response.setHeader('date', new Date(realNow()).toUTCString()), 403, 'RequestTimeTooSkewed')
    return isSkewed
  }
  const realNow = Date.now
  t.teardown(() => (Date.now = realNow))
  for (const hours of [5, -30]) {
    Date.now = () => realNow() + hours * 3_600_000
    const target = await open(server)
    t.equal(await target.create(`a${hours}`, Buffer.from('1')), true)
  }
})

void t.test('a server that cannot be used is a problem that says why', async (t) => {
  const server = await start(t)
  const target = await open(server)
  const cases = [
    {
      name: 'credentials',
      answer: [403, 'InvalidAccessKeyId'],
      want: /refuses the credentials in AWS_ACCESS_KEY_ID/,
    },
    { name: 'no bucket', answer: [404, 'NoSuchBucket'], want: /there is no such bucket/ },
    {
      name: 'another region',
      answer: [301, 'PermanentRedirect'],
      want: /leads elsewhere: check the endpoint and the region/,
    },
    { name: 'it fails', answer: [500, 'InternalError'], want: /the server answers 500/ },
    { name: 'it does not know the request', answer: [501, 'NotImplemented'], want: /the server answers 501/ },
  ] as const
  for (const {
    name,
    answer: [status, code],
    want,
  } of cases) {
    server.fault = (_, response) => {
      refuse(response, status, code)
      return true
    }
    await t.rejects(
      target.write('a', Buffer.from('1')),
      { code: 'replica-unreachable', message: want, cause: { code } },
      name,
    )
    await t.rejects(target.list(''), { code: 'replica-unreachable', message: want }, name)
  }
  server.stop()
  await t.rejects(target.read('a'), {
    message: /nothing listens at its address/,
    cause: { code: 'ECONNREFUSED' },
  })
  const opened = await openReplicaTarget('s3://bucket?endpoint=http://127.0.0.1:1', env)
  t.match(opened, { ok: false, problem: { code: 'replica-unreachable' } })
})

void t.test('rows that read like a refusal are none', async (t) => {
  const target = await open(await start(t))
  const rows = Buffer.from('<Error><Code>NoSuchBucket</Code></Error>')
  await target.write('a', rows)
  t.equal((await target.read('a'))?.equals(rows), true)
})

void t.test('a server that stays silent is given up', { timeout: 120_000 }, async (t) => {
  const silent = createServer(() => {})
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const opened = await openReplicaTarget(`s3://bucket?endpoint=${endpoint}`, env)
  t.match(opened, { ok: false, problem: { code: 'replica-unreachable', message: /it does not answer/ } })
})

void t.test(
  'a redirect of what is written is not taken for done, since what is asked for there is a reading',
  async (t) => {
    const server = await start(t)
    const target = await open(server)
    await target.write('proved', Buffer.from('before'))
    server.fault = ({ method, url }, response) => {
      if (method === 'GET') return false
      response.writeHead(307, { location: server.endpoint + url! }).end()
      return true
    }
    const refused = {
      code: 'replica-unreachable',
      message: /leads elsewhere: check the endpoint and the region/,
    }
    await t.rejects(target.write('proved', Buffer.from('after')), refused)
    await t.rejects(target.create('proved', Buffer.from('after')), refused)
    await t.rejects(target.remove('proved'), refused)
    t.equal(String(await target.read('proved')), 'before')
  },
)

void t.test('a redirect is not followed to an address without encryption', async (t) => {
  const server = await start(t)
  const target = await open(server)
  server.fault = (_, response) => {
    response.writeHead(302, { location: 'ftp://elsewhere/' }).end()
    return true
  }
  await t.rejects(target.read('a'), { code: 'replica-unreachable', message: /without encryption/ })
})

const lists = {
  'an error': '<Error><Code>InternalError</Code></Error>',
  nothing: '',
  'a page of a proxy': '<html><body>Sign in</body></html>',
  'a page that ends in its midst': '<ListBucketResult><Contents><Key>todo/x/a</Key></Contents>',
  'a page that does not say where the next one begins':
    '<ListBucketResult><Contents><Key>todo/x/a</Key></Contents><IsTruncated>true</IsTruncated></ListBucketResult>',
  'the same page again and again':
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>',
}

for (const [name, body] of Object.entries(lists)) {
  void t.test(`a list of which the server answers ${name} is not taken for a whole one`, async (t) => {
    const server = await start(t)
    const target = await open(server)
    server.fault = (_, response) => {
      response.end(body)
      return true
    }
    await t.rejects(target.list('generations/'), {
      code: 'replica-unreachable',
      message: /the server answers with no list of its keys/,
    })
  })
}
