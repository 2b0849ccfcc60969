import t from 'tap'
import { findingsIn, makeProject } from './overlay.js'

interface Case {
  /** The folder below test/fixtures/doctor that is laid over the healthy project. */
  readonly name: string
  /** What the healthy project lacks then. */
  readonly without?: readonly string[]
  readonly want: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'bound-by-default',
    want: [
      'error copy-source-missing Dockerfile:3',
      'error copy-source-missing Dockerfile:5',
      'error bound-to-loopback Dockerfile:7',
    ],
  },
  { name: 'bound-by-source', want: ['error bound-to-loopback server.js:3'] },
  { name: 'command-missing', want: ['error command-missing Dockerfile:1'] },
  {
    name: 'compose-assumed',
    want: ['warning compose-host Dockerfile:7', 'note compose-service docker-compose.yml:2'],
  },
  { name: 'compose-invalid', want: ['note compose-invalid compose.yaml:3'] },
  { name: 'compose-started', want: ['error compose-assumed Dockerfile:9'] },
  { name: 'compose-with-profiles', want: [] },
  { name: 'docker-missing', without: ['Dockerfile'], want: ['error dockerfile-missing Dockerfile:1'] },
  { name: 'docker-not-pinned', want: ['note image-not-pinned Dockerfile:1'] },
  { name: 'docker-unknown-instruction', want: ['error dockerfile-invalid Dockerfile:8'] },
  { name: 'docker-without-from', want: ['error dockerfile-invalid Dockerfile:1'] },
  {
    name: 'engines-mismatch',
    want: ['warning image-end-of-life Dockerfile:1', 'warning engines-mismatch Dockerfile:1'],
  },
  { name: 'engines-missing', want: ['note engines-missing package.json:1'] },
  { name: 'env-file-copied', want: ['error copy-source-missing Dockerfile:6'] },
  {
    name: 'env-file-given-away',
    want: ['warning env-file-in-image Dockerfile:5', 'warning env-file-published .env:1'],
  },
  { name: 'env-file-loaded', want: ['error env-file-required server.js:3'] },
  { name: 'env-file-required', want: ['error env-file-required Dockerfile:9'] },
  { name: 'field-deprecated', want: ['warning metadata-deprecated-field README.md:8'] },
  { name: 'field-misspelled', want: ['warning metadata-misspelled-field README.md:7'] },
  { name: 'field-unknown', want: ['warning metadata-unknown-field README.md:9'] },
  {
    name: 'fields-of-another-sdk',
    want: ['warning metadata-other-sdk README.md:8', 'warning metadata-other-sdk README.md:9'],
  },
  { name: 'gradio', want: [] },
  { name: 'healthy', want: [] },
  { name: 'install-in-own-folder', want: [] },
  { name: 'install-not-writable', want: ['error install-not-writable Dockerfile:5'] },
  { name: 'install-not-locked', want: ['note install-not-locked Dockerfile:4'] },
  {
    name: 'lockfile-absent',
    without: ['package-lock.json'],
    want: ['note lockfile-absent package.json:1'],
  },
  {
    name: 'lockfile-ignored',
    want: ['error copy-source-ignored Dockerfile:3', 'error lockfile-not-copied Dockerfile:4'],
  },
  { name: 'lockfile-incomplete', want: ['error lockfile-incomplete package-lock.json:16'] },
  { name: 'lockfile-invalid', want: ['error lockfile-invalid package-lock.json:1'] },
  { name: 'lockfile-not-copied', want: ['error lockfile-not-copied Dockerfile:4'] },
  {
    name: 'lockfile-out-of-step',
    want: ['error lockfile-out-of-step package.json:12', 'error lockfile-out-of-step package.json:14'],
  },
  { name: 'metadata-missing', want: ['error metadata-missing README.md:1'] },
  { name: 'metadata-not-first', want: ['error metadata-not-first README.md:2'] },
  { name: 'metadata-not-yaml', want: ['error metadata-not-yaml README.md:2'] },
  { name: 'metadata-unclosed', want: ['error metadata-unclosed README.md:1'] },
  {
    name: 'migration-at-build',
    want: ['error npm-script-missing Dockerfile:7', 'warning database-at-build Dockerfile:7'],
  },
  { name: 'package-invalid', want: ['error lockfile-invalid package.json:1'] },
  { name: 'port-fixed-in-source', want: ['error port-mismatch server.js:3'] },
  { name: 'port-of-environment', want: ['error port-mismatch server.js:3'] },
  { name: 'port-of-metadata', want: ['error port-mismatch server.js:3'] },
  { name: 'port-of-source', want: ['error port-mismatch server.js:3'] },
  { name: 'readme-name', without: ['README.md'], want: ['error readme-name readme.md:1'] },
  { name: 'readme-nested', without: ['README.md'], want: ['error readme-nested space/README.md:1'] },
  { name: 'root-by-default', want: ['note runs-as-root Dockerfile:8'] },
  { name: 'root-by-name', want: ['note runs-as-root Dockerfile:7'] },
  {
    name: 'script-allowed-elsewhere',
    want: ['warning allow-scripts-misplaced app/package.json:6'],
  },
  { name: 'script-blocked', want: [] },
  { name: 'script-rebuilt', want: [] },
  { name: 'script-skipped', want: ['warning install-script-skipped Dockerfile:4'] },
  { name: 'sdk-missing', want: ['error metadata-sdk-missing README.md:1'] },
  { name: 'sdk-not-allowed', want: ['error metadata-invalid README.md:6'] },
  { name: 'sdk-streamlit', want: ['error metadata-invalid README.md:6'] },
  {
    name: 'secret-in-image',
    want: ['warning secret-in-image Dockerfile:7', 'warning secret-in-image Dockerfile:8'],
  },
  { name: 'sqlite-in-data', want: ['warning data-not-writable Dockerfile:7'] },
  { name: 'sqlite-not-writable', want: ['error path-not-writable Dockerfile:7'] },
  { name: 'sqlite-url-not-writable', want: ['error path-not-writable Dockerfile:7'] },
  { name: 'sqlite-writable', want: [] },
  { name: 'stages', want: [] },
  { name: 'title-missing', want: ['warning metadata-title-missing README.md:1'] },
  { name: 'user-id-taken', want: ['error user-id-taken Dockerfile:6'] },
  { name: 'user-of-another-id', want: ['warning user-not-1000 Dockerfile:7'] },
  {
    name: 'values-out-of-range',
    want: [
      'error metadata-invalid README.md:2',
      'error metadata-invalid README.md:3',
      'error metadata-invalid README.md:4',
      'error metadata-invalid README.md:5',
      'error metadata-invalid README.md:7',
      'error metadata-invalid README.md:8',
      'error metadata-invalid README.md:9',
      'error metadata-invalid README.md:10',
      'error metadata-invalid README.md:11',
      'error metadata-invalid README.md:13',
      'error metadata-invalid README.md:15',
      'error metadata-invalid README.md:16',
      'warning metadata-other-sdk README.md:11',
      'warning metadata-invalid README.md:12',
    ],
  },
  { name: 'readme-missing', without: ['README.md'], want: ['error readme-missing README.md:1'] },
  {
    name: 'lockfile-missing',
    without: ['package-lock.json'],
    want: ['error copy-source-missing Dockerfile:3', 'error lockfile-missing Dockerfile:4'],
  },
]

function exitCode(lines: readonly string[]): number {
  if (lines.some((line) => line.startsWith('error'))) return 2
  return lines.some((line) => line.startsWith('warning')) ? 1 : 0
}

for (const { name, without = [], want } of cases) {
  t.test(name, async (t) => {
    const { lines, exitCode: code } = await findingsIn(makeProject(t, { fixture: name, without }))
    t.same(lines, want)
    t.equal(code, exitCode(want))
  })
}
