import { posix } from 'node:path'
import type { CommandForm } from '../dockerfile/command-form.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { unwrap } from '../start/wrappers.ts'

/** A script that the container starts is there, and can be started. */
export function checkStartScript(project: Project): Finding[] {
  const { image } = project
  if (!image) return []
  const form = image.entrypoint ?? image.cmd
  if (!form || form.line === image.stage.line) return []
  const words = wordsOf(form)
  const [program, first] = unwrap(words).words
  if (program === undefined) return []
  const isShell = /^(?:ba|da|a)?sh$/.test(posix.basename(program))
  const name = isShell && first && !first.startsWith('-') ? first : program
  if (!name.includes('/') && !name.endsWith('.sh')) return []
  if (image.workingDirectory === undefined && !name.startsWith('/')) return []
  const path = project.locate(posix.resolve(image.workingDirectory ?? '/', name))
  const place = { file: 'Dockerfile', line: form.line }
  if (path === undefined)
    return isMissing(name, project)
      ? [finding('script-missing', place, { path: name.replace(/^\.\//, '') })]
      : []
  return checkFile(path, { isDirect: !isShell, isList: form.kind === 'list', place }, project)
}

function wordsOf(form: CommandForm): readonly string[] {
  if (form.kind === 'list')
    return form.words[1] === '-c' && form.words[2] ? form.words[2].trim().split(/\s+/) : form.words
  return form.text.trim().split(/\s+/)
}

/** Nothing of the Dockerfile could have made it. */
function isMissing(name: string, { image, folder }: Project): boolean {
  const base = posix.basename(name)
  if (!base.endsWith('.sh') || !image!.base || folder.files.some((file) => posix.basename(file) === base))
    return false
  const isMade = image!.steps.some(({ instruction: { keyword, text, flags } }) => {
    return (
      (keyword === 'RUN' && (text.includes(base) || /\b(?:git|curl|wget|tar|unzip|pip|npm)\b/.test(text))) ||
      'from' in flags ||
      keyword === 'ADD'
    )
  })
  return !isMade && !image!.copies.some(({ instruction }) => instruction.hasHeredoc)
}

interface Start {
  readonly isDirect: boolean
  readonly isList: boolean
  readonly place: { readonly file: string; readonly line: number }
}

function checkFile(path: string, { isDirect, isList, place }: Start, project: Project): Finding[] {
  const { folder, image } = project
  const text = folder.read(path)
  if (text === undefined) return []
  const runs = image!.steps
    .filter(({ instruction }) => instruction.keyword === 'RUN')
    .map(({ instruction }) => instruction.text)
  const isTouched = (pattern: RegExp): boolean => runs.some((run) => pattern.test(run))
  const firstLine = text.split('\n', 1)[0]!
  const findings: Finding[] = []
  const isConverted = isTouched(/dos2unix|sed[^&|;]*\\r|tr\s+-d\s+['"]?\\r/)
  const isKept = /\.sh\s.*eol=lf|\*\s.*eol=lf/.test(folder.read('.gitattributes') ?? '')
  if (text.includes('\r\n') && !isConverted && !isKept)
    findings.push(finding('script-line-ends', { file: path, line: 1 }, { path }))
  if (!isDirect) return findings
  const mode = image!.copies.some(({ instruction }) =>
    /^(?:[0-7]*[1357][0-7]{2}|.*x)/.test(instruction.flags['chmod'] ?? ''),
  )
  const base = posix.basename(path)
  const isMarked =
    mode ||
    runs.some(
      (run) =>
        /\bchmod\b/.test(run) &&
        (run.includes(base) ||
          /chmod\s+(?:-R\s+)?\S+\s+(?:\S*\/)?(?:\*|\.|\$)/.test(run) ||
          /chmod\s+-R/.test(run)),
    ) ||
    isTouched(/\binstall\b[^&|;]*-m/)
  if (folder.isExecutable(path) === false && !isMarked)
    findings.push(finding('script-not-executable', place, { path }))
  if (isList && !firstLine.startsWith('#!') && path.endsWith('.sh'))
    findings.push(finding('script-without-shebang', { file: path, line: 1 }, { path }))
  const needsBash = /^#!\s*\S*(?:\/|\s)bash\b/.test(firstLine)
  if (needsBash && image!.base?.isAlpine && !isTouched(/\bbash\b/))
    findings.push(
      finding(
        'script-shell-missing',
        { file: path, line: 1 },
        { path, shell: 'bash', image: image!.baseName },
      ),
    )
  return findings
}
