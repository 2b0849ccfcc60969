import { readmeFindings, type ReadmeFindingCode } from './catalogue/readme.ts'
import { dockerfileFindings, type DockerfileFindingCode } from './catalogue/dockerfile.ts'
import { startFindings, type StartFindingCode } from './catalogue/start.ts'
import { pythonFindings, type PythonFindingCode } from './catalogue/python.ts'
import { nodeFindings, type NodeFindingCode } from './catalogue/node.ts'
import { dataFindings, type DataFindingCode } from './catalogue/data.ts'
import type { FindingDescription } from './catalogue/finding-description.ts'

export type { FindingDescription, Severity } from './catalogue/finding-description.ts'

/** The stable name of a finding. */
export type FindingCode =
  | ReadmeFindingCode
  | DockerfileFindingCode
  | StartFindingCode
  | PythonFindingCode
  | NodeFindingCode
  | DataFindingCode

/** Every finding that `failsoft doctor` can make. */
export const catalogue: Readonly<Record<FindingCode, FindingDescription>> = {
  ...readmeFindings,
  ...dockerfileFindings,
  ...startFindings,
  ...pythonFindings,
  ...nodeFindings,
  ...dataFindings,
}
