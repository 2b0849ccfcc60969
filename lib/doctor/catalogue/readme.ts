import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type ReadmeFindingCode =
  | 'folder-missing'
  | 'readme-missing'
  | 'readme-nested'
  | 'readme-name'
  | 'metadata-missing'
  | 'metadata-not-first'
  | 'metadata-unclosed'
  | 'metadata-not-yaml'
  | 'metadata-sdk-missing'
  | 'metadata-title-missing'
  | 'metadata-invalid'
  | 'metadata-unknown-field'
  | 'metadata-misspelled-field'
  | 'metadata-deprecated-field'
  | 'metadata-other-sdk'

/** What is found in README.md. */
export const readmeFindings: Readonly<Record<ReadmeFindingCode, FindingDescription>> = {
  'folder-missing': {
    severity: 'error',
    message: '{path} is not a folder that can be read.',
    hint: 'Name the folder of the project, the one that is pushed to the Space.',
  },
  'readme-missing': {
    severity: 'error',
    message: 'README.md is missing at the root of the project.',
    hint: 'Create it with a head between two lines of ---: title, sdk: docker and app_port.',
  },
  'readme-nested': {
    severity: 'error',
    message: "The Space's README.md lies in {path}, but only the one at the root is read.",
    hint: 'Push {folder} as the Space, with the command below, or move it to the root.',
    fix: 'git subtree push --prefix {folder} space main',
  },
  'readme-name': {
    severity: 'error',
    message: 'The file is named {name}, but only README.md is read.',
    hint: 'Rename it to README.md, in this spelling.',
  },
  'metadata-missing': {
    severity: 'error',
    message: 'README.md has no metadata: its first line is not ---.',
    hint: 'Begin the file with a block between two lines of --- that holds at least sdk: docker.',
  },
  'metadata-not-first': {
    severity: 'error',
    message: 'Something stands before the metadata of README.md, so the Hub finds none.',
    hint: 'Remove everything before the first ---.',
  },
  'metadata-unclosed': {
    severity: 'error',
    message: 'The metadata of README.md has no end.',
    hint: 'Write a line of --- after the last field.',
  },
  'metadata-not-yaml': {
    severity: 'error',
    message: 'The metadata of README.md is not valid YAML: {why}.',
    hint: 'Write one field per line, as name: value; put a value with a colon or a # in quotes.',
  },
  'metadata-sdk-missing': {
    severity: 'error',
    message: 'The metadata does not say which sdk the Space runs on.',
    hint: 'Add sdk: docker for a Space that is built from a Dockerfile.',
  },
  'metadata-title-missing': {
    severity: 'warning',
    message: 'The metadata has no title: the name of the repository is shown.',
    hint: 'Add a title.',
  },
  'metadata-invalid': {
    severity: 'error',
    message: '{field} {why}.',
    hint: '{cure}',
  },
  'metadata-unknown-field': {
    severity: 'warning',
    message: '{field} is not a field of a Space: it is ignored.',
    hint: 'Remove it.',
  },
  'metadata-misspelled-field': {
    severity: 'warning',
    message: '{field} is not a field of a Space: it is ignored.',
    hint: 'Write {suggestion}.',
  },
  'metadata-deprecated-field': {
    severity: 'warning',
    message: '{field} has no effect any more.',
    hint: '{cure}',
  },
  'metadata-other-sdk': {
    severity: 'warning',
    message: '{field} is ignored with sdk: {sdk}: it is for {others}.',
    hint: '{cure}',
  },
}
