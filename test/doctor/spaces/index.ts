import { builds } from './builds.js'
import { dataAndHub } from './data-and-hub.js'
import { nodeStarts } from './node-starts.js'
import { otherStarts } from './other-starts.js'
import { pythonStarts } from './python-starts.js'
import { rest } from './rest.js'
import type { Space } from './space.js'
import { starts } from './starts.js'
import { strangeBuilds } from './strange-builds.js'

/** Folders of this project's own, beside those from the field. */
export const ownSpaces: readonly Space[] = [
  ...starts,
  ...builds,
  ...rest,
  ...pythonStarts,
  ...nodeStarts,
  ...otherStarts,
  ...strangeBuilds,
  ...dataAndHub,
]
