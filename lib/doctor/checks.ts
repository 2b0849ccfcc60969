import type { Finding } from './finding.ts'
import type { Project } from './project.ts'
import { checkAppFiles } from './checks/app-files.ts'
import { checkBaseImages } from './checks/base-images.ts'
import { checkCompose } from './checks/compose.ts'
import { checkCopies } from './checks/copies.ts'
import { checkDatabase } from './checks/database.ts'
import { checkDockerfile } from './checks/dockerfile.ts'
import { checkEndsAtOnce } from './checks/ends-at-once.ts'
import { checkEngines } from './checks/engines.ts'
import { checkEnvFiles } from './checks/env-files.ts'
import { checkInstallScripts } from './checks/install-scripts.ts'
import { checkListening } from './checks/listening.ts'
import { checkLists } from './checks/lists.ts'
import { checkLockfile } from './checks/lockfile.ts'
import { checkMetadata } from './checks/metadata.ts'
import { checkNginxCache } from './checks/nginx-cache.ts'
import { checkNodeBuild } from './checks/node-build.ts'
import { checkNpmScripts } from './checks/npm-scripts.ts'
import { checkNodeInstallPlace } from './checks/node-install-place.ts'
import { checkLockRequired } from './checks/lock-required.ts'
import { checkPip } from './checks/pip.ts'
import { checkPythonRequirements } from './checks/python-requirements.ts'
import { checkPythonServer } from './checks/python-server.ts'
import { checkSystemPackages } from './checks/system-packages.ts'
import { checkShellWords } from './checks/shell-words.ts'
import { checkTools } from './checks/tools.ts'
import { checkReadme } from './checks/readme.ts'
import { checkSecrets } from './checks/secrets.ts'
import { checkSqliteDefaults } from './checks/sqlite-defaults.ts'
import { checkStartScript } from './checks/start-script.ts'
import { checkUsers } from './checks/users.ts'
import { checkWritablePaths } from './checks/writable-paths.ts'

/** What `failsoft doctor` looks at, in the order of a push, a build and a start. */
export const checks: readonly ((project: Project) => readonly Finding[])[] = [
  checkReadme,
  checkMetadata,
  checkDockerfile,
  checkBaseImages,
  checkCopies,
  checkUsers,
  checkSystemPackages,
  checkTools,
  checkShellWords,
  checkPip,
  checkLockRequired,
  checkPythonRequirements,
  checkPythonServer,
  checkLockfile,
  checkInstallScripts,
  checkEngines,
  checkNodeInstallPlace,
  checkNpmScripts,
  checkNodeBuild,
  checkLists,
  checkStartScript,
  checkAppFiles,
  checkListening,
  checkEndsAtOnce,
  checkWritablePaths,
  checkNginxCache,
  checkSqliteDefaults,
  checkDatabase,
  checkCompose,
  checkSecrets,
  checkEnvFiles,
]
