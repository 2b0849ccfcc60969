import { closest } from '../closest.ts'
import { expandVariables } from '../environment.ts'
import { readForm } from '../dockerfile/command-form.ts'
import { readPairs } from '../dockerfile/pairs.ts'
import type { Dockerfile, Instruction } from '../dockerfile/parse-dockerfile.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'
const keywords =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

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
  const broken = dockerfile.instructions.flatMap((instruction) => checkInstruction(instruction)).slice(0, 5)
  broken.push(...checkArguments(dockerfile))
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
    ...(broken.length > 0 ? [] : [...checkCommand(project), ...checkExposed(project)]),
  ]
}

const platformArguments = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT)$/

/** What `FROM` names was declared by an ARG before the first one; any other is empty. */
function checkArguments({ instructions }: Dockerfile): Finding[] {
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM')
  const globals = instructions
    .slice(0, Math.max(first, 0))
    .flatMap(({ text }) => readPairs(text).map(([name]) => name))
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

function invalid(line: number, why: string, cure: string): Finding {
  return finding('dockerfile-invalid', { file, line }, { why, cure })
}

function checkInstruction(instruction: Instruction): Finding[] {
  const { keyword, text, line, hasHeredoc } = instruction
  if (!keywords.includes(keyword)) {
    const meant = closest(keyword, keywords)
    const continued = 'If the line belongs to the one above, end that one with a backslash.'
    return [invalid(line, `${keyword} is no instruction`, meant ? `Write ${meant}.` : continued)]
  }
  if (text === '') return [invalid(line, `${keyword} has no argument`, 'Complete or remove the line.')]
  const check = rules[keyword]
  return check && !hasHeredoc ? check(text, instruction) : []
}

const noComment = 'A comment needs a line of its own: move it above.'

const rules: Readonly<Record<string, (text: string, instruction: Instruction) => Finding[]>> = {
  FROM(text, { line }) {
    const words = text.split(/\s+/)
    if (words.length === 1 || (words.length === 3 && /^as$/i.test(words[1]!))) return []
    return [
      invalid(
        line,
        'FROM takes an image, or an image AS a name',
        words.includes('#') ? noComment : 'Correct the line.',
      ),
    ]
  },
  ENV(text, { line }) {
    const pairs = readPairs(text)
    const bare = pairs.find(([, value]) => value === undefined)
    if (!bare) return []
    if (text.includes(' #') && bare[0].startsWith('#'))
      return [invalid(line, 'a comment stands at the end of ENV, and is read as part of it', noComment)]
    return [
      invalid(
        line,
        `ENV ${bare[0]} has no value`,
        `Write ENV ${bare[0]}=value, or remove the line: a Space sets its own variables.`,
      ),
    ]
  },
  EXPOSE(text, { line }) {
    const wrong = text
      .split(/\s+/)
      .find(
        (word) =>
          !word.includes('$') &&
          !/^\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/i.test(word.replaceAll(/^["']|["']$/g, '')),
      )
    if (wrong === undefined) return []
    return [
      invalid(
        line,
        `EXPOSE takes ports, and "${wrong}" is none`,
        wrong.startsWith('#') ? noComment : 'Write a number, such as EXPOSE 7860.',
      ),
    ]
  },
  COPY: checkCopy,
  ADD: checkCopy,
  CMD: checkList,
  ENTRYPOINT: checkList,
  RUN: checkList,
  SHELL(text, { line }) {
    return readForm({ text, line }).kind === 'list'
      ? []
      : [invalid(line, 'SHELL takes a list', 'Write SHELL ["/bin/bash", "-c"].')]
  },
}

function checkCopy(text: string, { keyword, line }: Instruction): Finding[] {
  const form = readForm({ text, line })
  const words = form.kind === 'list' ? form.words : text.split(/\s+/)
  if (words.length < 2)
    return [invalid(line, `${keyword} needs a source and a destination`, `Write ${keyword} ${words[0]} ./.`)]
  const destination = words.at(-1)!
  const hasComment = form.kind === 'shell' && words.some((word) => word.startsWith('#'))
  if (hasComment)
    return [invalid(line, `a comment stands at the end of ${keyword}, and is read as files`, noComment)]
  const isMany =
    words.length > 2 &&
    !destination.endsWith('/') &&
    !/(?:^|\/)\.{1,2}$/.test(destination) &&
    !destination.includes('$')
  return isMany
    ? [
        invalid(
          line,
          `${keyword} of several sources needs a folder, and ${destination} does not end with /`,
          `Write ${destination}/.`,
        ),
      ]
    : []
}

/** A list that is none runs as a line of the shell, which finds no program named `[python,`. */
function checkList(text: string, { keyword, line }: Instruction): Finding[] {
  const isMeant = /^\[\s*(?:["'“”‘’]|$)/.test(text) || /^\[[\w./-]+\s*[,\]]/.test(text)
  return isMeant && readForm({ text, line }).kind === 'shell'
    ? [finding('command-not-json', { file, line }, { keyword })]
    : []
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
