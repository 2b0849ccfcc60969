import type { Dockerfile } from '../dockerfile/parse-dockerfile.ts'
import type { Finding } from '../finding.ts'
import { invalid } from './instructions.ts'

/** What `FROM` names is a name that Docker takes: without capitals, unless it is that of a stage. */
export function checkImageNames({ stages }: Dockerfile): Finding[] {
  return stages.flatMap(({ base, line }, index) => {
    const isStage = stages.slice(0, index).some(({ name }) => name === base.toLowerCase())
    if (isStage || base.includes('$') || !/[A-Z]/.test(pathOf(base))) return []
    const why = `FROM names the image ${base}, and the name of an image has no capitals`
    return [invalid(line, why, `Write FROM ${base.replace(pathOf(base), (path) => path.toLowerCase())}.`)]
  })
}

/** The name without the host, the tag and the digest. */
function pathOf(image: string): string {
  const [name = ''] = image.split('@')
  const [first = '', ...rest] = name.replace(/:[^/]*$/, '').split('/')
  const hasHost = rest.length > 0 && /[.:A-Z]|^localhost$/.test(first)
  return (hasHost ? rest : [first, ...rest]).join('/')
}
