import { expandVariables } from '../environment.ts'
import { readArguments } from '../dockerfile/pairs.ts'
import type { Dockerfile } from '../dockerfile/parse-dockerfile.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { checkHereDocuments } from './here-documents.ts'
import { checkImageNames } from './image-names.ts'
import { checkInstruction, invalid } from './instructions.ts'

const file = 'Dockerfile'

/** There is a Dockerfile that Docker can read, with something to run. */
export function checkDockerfile(project: Project): Finding[] {
  const { isDocker, dockerfile, names } = project
  const others = names.filter(
    (name) =>
      /^dockerfile[._-](?:hf|spaces?|hugging-?face|hf-?spaces?)$/i.test(name) ||
      /^(?:hf|spaces?|huggingface)\.dockerfile$/i.test(name),
  )
  const elsewhere = others.map((other) =>
    finding('dockerfile-elsewhere', { file: other, line: 1 }, { other }),
  )
  if (!dockerfile) return isDocker ? [finding('dockerfile-missing', { file, line: 1 }), ...elsewhere] : []
  const broken = checkInstructions(dockerfile)
  const early = dockerfile.instructions.find(({ keyword }) => keyword !== 'ARG')
  if (broken.length === 0 && early?.keyword !== 'FROM') {
    broken.push(
      invalid(
        early?.line ?? 1,
        'it does not begin with FROM',
        'Begin it with FROM, such as FROM python:3.12-slim.',
      ),
    )
  }
  return [
    ...broken,
    ...elsewhere,
    ...(broken.length > 0
      ? []
      : [...checkCommand(project), ...checkShell(project), ...checkExposed(project)]),
  ]
}

/** What follows a here-document that is read wrongly is not judged. */
function checkInstructions(dockerfile: Dockerfile): Finding[] {
  const wrong = checkHereDocuments(dockerfile.instructions)
  const read = dockerfile.instructions.filter(({ line }) => line < (wrong?.line ?? Infinity))
  const broken = read.flatMap((instruction) => checkInstruction(instruction)).slice(0, 5)
  if (wrong) return [...broken, wrong]
  return [...broken, ...checkArguments(dockerfile), ...checkImageNames(dockerfile)]
}

const platformArguments = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)$/

/** What `FROM` names was declared by an ARG before the first one; any other is empty. */
function checkArguments({ instructions }: Dockerfile): Finding[] {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM')
  const globals = instructions
    .slice(0, Math.max(first, 0))
    .flatMap(({ text }) => readArguments(text).map(([name]) => name))
  return instructions.flatMap(({ keyword, text, line }) => {
    const names =
      keyword === 'FROM'
        ? [...text.matchAll(/\$(?:(\w+)|\{(\w+)\})/g)].map((match) => match[1] ?? match[2]!)
        : []
    const unknown = names.find((name) => !globals.includes(name) && !platformArguments.test(name))
    if (unknown === undefined) return []
    const why = `FROM uses ${unknown}, which no ARG before the first FROM declares`
    return [invalid(line, why, `Write ARG ${unknown}=… above the first FROM.`)]
  })
}

/** Images whose own command ends at once, or waits for a terminal. */
const idle =
  /^(?:python|node|debian|ubuntu|alpine|golang|rust|ruby|openjdk|eclipse-temurin|amazoncorretto|maven|gradle|oven\/bun)$/

function checkCommand({ image, dockerfile }: Project): Finding[] {
  if (!image) return []
  const { instructions } = dockerfile!.stages.at(-1)!
  const overridden = ['CMD', 'ENTRYPOINT'].flatMap((keyword) =>
    instructions
      .filter((each) => each.keyword === keyword)
      .slice(0, -1)
      .map(({ line }) => finding('command-overridden', { file, line }, { keyword })),
  )
  const isIdle = !image.cmd && !image.entrypoint && image.base && idle.test(image.base.name)
  const missing = isIdle
    ? [finding('command-missing', { file, line: image.stage.line }, { image: image.baseName })]
    : []
  return [...overridden, ...missing]
}

/** Where it cannot be known what listens, the ports that are exposed are a sign. */
function checkExposed({ image, port: expected, serving }: Project): Finding[] {
  const [first] = image?.exposed ?? []
  if (!first || (serving?.servers.length ?? 0) > 0) return []
  const ports = image!.exposed.map(({ value }) =>
    Number.parseInt(expandVariables(value, image!.environment) ?? '', 10),
  )
  if (ports.includes(expected) || !Number.isFinite(ports[0]!)) return []
  return [finding('port-not-exposed', { file, line: first.line }, { port: ports[0]!, expected })]
}

/** Distroless images have no shell, which a command that is no list needs (their README, "Entrypoints"). */
function checkShell({ image }: Project): Finding[] {
  const form = image?.entrypoint ?? image?.cmd
  const isBare = image?.baseName.startsWith('gcr.io/distroless/') && !image.baseName.includes('debug')
  const isBrought = image?.copies.some(({ destination = '/' }) =>
    /^\/(?:usr\/?)?(?:bin\b|$)|busybox/.test(destination),
  )
  if (form?.kind !== 'shell' || !isBare || isBrought || image!.shell[0] !== '/bin/sh') return []
  const cure = 'Write the command as a list, such as CMD ["server.js"].'
  return [
    finding('tool-missing', { file, line: form.line }, { tool: 'a shell', image: image!.baseName, cure }),
  ]
}
