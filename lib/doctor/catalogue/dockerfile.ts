import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type DockerfileFindingCode =
  | 'dockerfile-missing'
  | 'dockerfile-elsewhere'
  | 'dockerfile-invalid'
  | 'image-not-pinned'
  | 'image-end-of-life'
  | 'copy-source-missing'
  | 'copy-source-ignored'
  | 'copy-source-outside'
  | 'stage-unknown'
  | 'user-unknown'
  | 'user-id-taken'
  | 'user-asks'
  | 'user-not-1000'
  | 'runs-as-root'
  | 'needs-root'

/** What is found in a Dockerfile, beside what it installs. */
export const dockerfileFindings: Readonly<Record<DockerfileFindingCode, FindingDescription>> = {
  'dockerfile-missing': {
    severity: 'error',
    message:
      'The Space has sdk: docker, but there is no file named Dockerfile at the root; nothing else is built.',
    hint: 'Add a file named Dockerfile, in this spelling, beside README.md.',
  },
  'dockerfile-elsewhere': {
    severity: 'warning',
    message: '{other} is not built: a Space builds the file named Dockerfile alone.',
    hint: 'If {other} is the one for the Space, push it under the name Dockerfile.',
    fix: 'git mv -f {other} Dockerfile',
  },
  'dockerfile-invalid': {
    severity: 'error',
    message: 'The Dockerfile cannot be built: {why}.',
    hint: '{cure}',
  },
  'image-not-pinned': {
    severity: 'note',
    message: 'The base image {image} is whatever is newest on the day of the build.',
    hint: 'Name a version, such as python:3.12-slim or node:24-bookworm-slim.',
  },
  'image-end-of-life': {
    severity: 'warning',
    message:
      'The base image {image} is past its end of life ({what}): it is no longer supported, and gets no fixes.',
    hint: '{cure}',
  },
  'copy-source-missing': {
    severity: 'error',
    message: '{keyword} copies {source}, which is not in the folder that is pushed.',
    hint: 'Correct the path; it is relative to the folder of the Dockerfile.',
  },
  'copy-source-ignored': {
    severity: 'error',
    message: '{keyword} copies {source}, which .dockerignore keeps out of the build.',
    hint: 'Add !{source} at the end of .dockerignore.',
    fix: '!{source}',
  },
  'copy-source-outside': {
    severity: 'error',
    message:
      '{keyword} copies {source}, which lies outside the folder: a build sees only the folder of the Dockerfile.',
    hint: 'Move it into the folder.',
  },
  'stage-unknown': {
    severity: 'error',
    message: '{instruction} names the stage {name}, which no earlier line defines.',
    hint: 'Name an earlier stage: FROM … AS {name}.',
  },
  'user-unknown': {
    severity: 'error',
    message: '{instruction} names the user {name}, which does not exist.',
    hint: 'Create it before that line: RUN useradd -m -u 1000 {name}.',
    fix: 'RUN useradd -m -u 1000 {name}',
  },
  'user-id-taken': {
    severity: 'error',
    message: 'The Dockerfile creates a {kind} with the id {id}, which {owner} already has: the build fails.',
    hint: 'Use the one that is there: USER {id}.',
    fix: 'USER {id}',
  },
  'user-asks': {
    severity: 'warning',
    message: '{command} asks for a password, and nobody can answer in a build.',
    hint: 'Add {flag}.',
    fix: '{fix}',
  },
  'user-not-1000': {
    severity: 'warning',
    message: 'The image runs as {user} (uid {id}), but a Space is documented to run it as uid 1000.',
    hint: 'Create the user with that id, such as RUN useradd -m -u 1000 user (Debian) or RUN adduser -D -u 1000 user (Alpine).',
  },
  'runs-as-root': {
    severity: 'note',
    message: 'The image names no user: it runs as root, or, as the documents of Spaces say, as uid 1000.',
    hint: 'Create a user with uid 1000 that owns what the app writes.',
    fix: 'RUN useradd -m -u 1000 user\nUSER user',
  },
  'needs-root': {
    severity: 'error',
    message: '{command} runs as {user}, but only root may install packages.',
    hint: 'Move it before the USER instruction, or write USER root before it and USER {user} after it.',
  },
}
