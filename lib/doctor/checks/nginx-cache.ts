import { posix } from 'node:path'
import { isWritable } from '../dockerfile/writable.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { mayConfigureNginx } from './nginx-files.ts'

const directory = '/var/cache/nginx'

/** The image of nginx makes its folders for what is on its way where only root may: another user ends it there. */
export function checkNginxCache(project: Project): Finding[] {
  const { image, serving } = project
  const nginx = serving?.processes.find(({ words }) => posix.basename(words[0] ?? '') === 'nginx')
  if (!nginx || nginx.role === 'maybe' || image?.base?.name !== 'nginx' || image.user === undefined) return []
  const isElsewhere = mayConfigureNginx(project, /_temp_path/)
  if (isElsewhere || isWritable(directory, image, project) !== false) return []
  const place = { file: 'Dockerfile', line: image.userLine ?? nginx.place.line }
  return [finding('cache-not-writable', place, { variable: 'nginx', directory, user: image.user }, 'error')]
}
