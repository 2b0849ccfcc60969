import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenCommands } from './broken-commands.js'
import { builds } from './builds.js'
import { changedFiles } from './changed-files.js'
import { closeCalls } from './close-calls.js'
import { codeThatListens } from './code-that-listens.js'
import { dataAndHub } from './data-and-hub.js'
import { edges } from './edges.js'
import { missingPrograms } from './missing-programs.js'
import { namesInTheCode } from './names-in-the-code.js'
import { nodeStarts } from './node-starts.js'
import { otherStarts } from './other-starts.js'
import { owners } from './owners.js'
import { publicBreaks } from './public-breaks.js'
import { publicRepositories } from './public-repositories.js'
import { publicWorks } from './public-works.js'
import { pythonStarts } from './python-starts.js'
import { realOnes } from './real-ones.js'
import { rest } from './rest.js'
import type { Space } from './space.js'
import { secondReading } from './second-reading.js'
import { starts } from './starts.js'
import { strangeBuilds } from './strange-builds.js'

const fixture = join(import.meta.dirname, '../../../test/fixtures/doctor/spaces/from-the-field.json')
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Space[] }

/** Small folders with a known fate, by kind. */
export const spaces: Readonly<Record<string, readonly Space[]>> = {
  'from the field': cases,
  'what starts': starts,
  'what starts: Python': pythonStarts,
  'what starts: Node': nodeStarts,
  'what starts: others': otherStarts,
  'like real ones': realOnes,
  'like public ones': [...publicWorks, ...publicBreaks],
  'in public repositories': publicRepositories,
  'addresses in the code': codeThatListens,
  'at the edge': edges,
  'read a second time': secondReading,
  'names in the code': namesInTheCode,
  'what is built': builds,
  'what is built, in unusual ways': strangeBuilds,
  'whom a folder belongs to': owners,
  'close calls': closeCalls,
  'started, and not there': missingPrograms,
  'read in another way': brokenCommands,
  'changed by the build or the start': changedFiles,
  'databases, secrets, the Hub': rest,
  'databases, secrets, the Hub, in unusual ways': dataAndHub,
}
