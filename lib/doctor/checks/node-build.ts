import { posix } from 'node:path'
import { locate } from '../dockerfile/files.ts'
import { expandAll } from '../dockerfile/users.ts'
import { finding, type Finding } from '../finding.ts'
import { readPackage } from '../package-file.ts'
import type { Project } from '../project.ts'

/** The package of each program that builds. */
const builders: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  vite: 'vite',
  webpack: 'webpack',
  rollup: 'rollup',
  esbuild: 'esbuild',
  tsup: 'tsup',
  next: 'next',
  ng: '@angular/cli',
  'vue-cli-service': '@vue/cli-service',
  'react-scripts': 'react-scripts',
  parcel: 'parcel',
  nest: '@nestjs/cli',
  astro: 'astro',
  nuxt: 'nuxt',
  'vue-tsc': 'vue-tsc',
  tailwindcss: 'tailwindcss',
  'svelte-kit': '@sveltejs/kit',
}

/** What the build runs was installed before. */
export function checkNodeBuild(project: Project): Finding[] {
  return project.stages.flatMap((state) => {
    let omitted: string | undefined
    const found: Finding[] = []
    for (const step of state.steps) {
      for (const command of step.commands ?? []) {
        const text = expandAll(command, step.environment).join(' ')
        if (/\b(?:npm|pnpm)\s+(?:install|i|ci|add)\s+(?:-g|--global)|yarn global/.test(text)) continue
        if (/^(?:npm|yarn|pnpm|bun)\b.*\b(?:ci|install|i)\b/.test(text) || text === 'yarn')
          omitted = omits(text, step.environment.get('NODE_ENV'))
        const built = /^(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?([\w:-]+)/.exec(text)?.[1]
        if (
          !omitted ||
          built === undefined ||
          step.workingDirectory === undefined ||
          !state.stage.instructions.includes(step.instruction)
        )
          continue
        const path = locate(
          posix.resolve(step.workingDirectory, 'package.json'),
          step.copies,
          project.stages,
          project,
        )
        const manifest = path === undefined ? undefined : readPackage(project.read, path)?.content
        const tool = manifest?.scripts?.[built]?.trim().split(/\s+/)[0] ?? ''
        const name = Object.hasOwn(builders, tool) ? builders[tool]! : tool
        if (manifest?.devDependencies?.[name] && !manifest.dependencies?.[name])
          found.push(
            finding(
              'build-tool-left-out',
              { file: 'Dockerfile', line: step.instruction.line },
              { tool, why: omitted },
            ),
          )
      }
    }
    return found
  })
}

function omits(text: string, environment: string | null | undefined): string | undefined {
  if (/--include[= ]dev|--production[= ]false|--prod[= ]false|--dev\b/.test(text)) return undefined
  const flag = /--(?:omit[= ]dev|only[= ]prod\w*|production|prod)\b|\s-P\b/.exec(text)?.[0].trim()
  return flag ?? (environment === 'production' && !text.startsWith('bun') ? 'NODE_ENV=production' : undefined)
}
