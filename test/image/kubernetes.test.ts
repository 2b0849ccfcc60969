import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'

interface Pod {
  readonly securityContext: object
  readonly volumes: readonly object[]
  readonly containers: readonly { readonly name: string; readonly securityContext: object }[]
}

const text = readFileSync(join(import.meta.dirname, '../../docs/deploy-anywhere.md'), 'utf8')
const [, manifest = ''] = /```yaml\n(apiVersion[^]*?)```/.exec(text) ?? []
const objects = parseAllDocuments(manifest).map((document) => document.toJS() as Record<string, unknown>)

t.test('the manifest of the guide meets the restricted pod security standard', async (t) => {
  t.match(objects, [{ kind: 'Deployment' }, { kind: 'Service' }])
  const { template } = objects[0]!['spec'] as { template: { spec: Pod } }
  const { securityContext, containers, volumes } = template.spec
  t.match(securityContext, {
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  for (const { name, securityContext: own } of containers) {
    t.match(own, { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, name)
    t.notMatch(own, { capabilities: { add: [] } }, name)
  }
  for (const volume of volumes) t.notMatch(volume, { hostPath: {} })
  for (const shared of ['hostNetwork', 'hostPID', 'hostIPC']) t.notOk(shared in template.spec, shared)
})

t.test('the service leads to the pods', async (t) => {
  const [deployment, service] = objects.map(({ spec }) => spec as Record<string, unknown>)
  t.match(deployment, { selector: { matchLabels: service!['selector'] } })
})
