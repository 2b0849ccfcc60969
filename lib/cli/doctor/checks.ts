import type { Finding } from './finding.ts'
import type { Project } from './project.ts'
import { checkBindAddress } from './checks/bind-address.ts'
import { checkBuildSecrets } from './checks/build-secrets.ts'
import { checkCompose } from './checks/compose.ts'
import { checkDockerfile } from './checks/dockerfile.ts'
import { checkEngines } from './checks/engines.ts'
import { checkEnvFiles } from './checks/env-files.ts'
import { checkInstallScripts } from './checks/install-scripts.ts'
import { checkLockfile } from './checks/lockfile.ts'
import { checkMetadata } from './checks/metadata.ts'
import { checkPort } from './checks/port.ts'
import { checkReadme } from './checks/readme.ts'
import { checkSqlitePath } from './checks/sqlite-path.ts'
import { checkUser } from './checks/user.ts'

/** What `failsoft doctor` looks at, in the order of its report. */
export const checks: readonly ((project: Project) => readonly Finding[])[] = [
  checkReadme,
  checkMetadata,
  checkDockerfile,
  checkPort,
  checkBindAddress,
  checkUser,
  checkSqlitePath,
  checkBuildSecrets,
  checkLockfile,
  checkInstallScripts,
  checkEngines,
  checkCompose,
  checkEnvFiles,
]
