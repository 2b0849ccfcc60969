import { closest } from '../closest.ts'
import { readForm } from '../dockerfile/command-form.ts'
import { readPairs } from '../dockerfile/pairs.ts'
import type { Instruction } from '../dockerfile/parse-dockerfile.ts'
import { finding, type Finding } from '../finding.ts'

const file = 'Dockerfile'
const keywords =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

/** What Docker refuses to build. */
export function invalid(line: number, why: string, cure: string): Finding {
  return finding('dockerfile-invalid', { file, line }, { why, cure })
}

/** An instruction is one that Docker can read. */
export function checkInstruction(instruction: Instruction): Finding[] {
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
  LABEL(text, { line }) {
    const pairs = readPairs(text)
    const bare = pairs.find(([, value]) => value === undefined)
    if (!bare) return []
    if (bare[0].startsWith('#'))
      return [invalid(line, 'a comment stands at the end of LABEL, and is read as part of it', noComment)]
    const why = `LABEL ${bare[0]} has no value`
    return [invalid(line, why, 'Write name="value", in quotes where blanks stand in it.')]
  },
  EXPOSE: checkExpose,
  COPY: checkCopy,
  ADD: checkCopy,
  HEALTHCHECK(text, { line }) {
    if (/^(?:CMD|NONE)\b/i.test(text)) return []
    return [invalid(line, 'HEALTHCHECK takes CMD and a command, or NONE', `Write HEALTHCHECK CMD ${text}.`)]
  },
  CMD: checkList,
  ENTRYPOINT: checkList,
  RUN: checkRun,
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
  const sign = form.kind === 'shell' ? words.find((word) => /^(?:\|\|?|&&|;|\d?>.*)$/.test(word)) : undefined
  if (sign !== undefined) {
    const why = `${keyword} is read by no shell, and takes "${sign}" for a file`
    return [
      invalid(line, why, 'Take it away; what may be missing is copied with a pattern, such as app.p[y].'),
    ]
  }
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

/** A backslash at the end of a line makes the next instruction a part of this one. */
function checkRun(text: string, instruction: Instruction): Finding[] {
  const [, taken] = /&&\s*(USER|CMD|ENTRYPOINT|EXPOSE|WORKDIR)\s+["[\w/.]/.exec(unquoted(text)) ?? []
  if (taken === undefined) return checkList(text, instruction)
  const why = `a backslash makes ${taken} a part of RUN, and no program has that name`
  return [invalid(instruction.line, why, `Take away the "&& \\" before ${taken}.`)]
}

function unquoted(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\[^])*"|'[^']*'/g, '""')
}

function checkExpose(text: string, { line }: Instruction): Finding[] {
  const ports = text.split(/\s+/).map((word) => word.replaceAll(/^["']|["']$/g, ''))
  const wrong = ports.find(
    (port) => !port.includes('$') && !/^(?:[\d.-]+:){0,2}\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp)?)?$/i.test(port),
  )
  const high = ports
    .flatMap((port) => port.match(/^\d+|(?<=^\d+-)\d+/g) ?? [])
    .find((port) => Number(port) > 65_535)
  if (wrong !== undefined) {
    const cure = wrong.startsWith('#') ? noComment : 'Write a number, such as EXPOSE 7860.'
    return [invalid(line, `EXPOSE takes ports, and "${wrong}" is none`, cure)]
  }
  const why = `EXPOSE names the port ${high}, and the last one is 65535`
  return high === undefined ? [] : [invalid(line, why, 'Write the port of the app, such as EXPOSE 7860.')]
}

/** A list that is none runs as a line of the shell, which finds no program named `[python,`. */
function checkList(text: string, { keyword, line }: Instruction): Finding[] {
  const isMeant = /^\[\s*(?:["'“”‘’]|$)/.test(text) || /^\[[\w./-]+\s*[,\]]/.test(text)
  return isMeant && readForm({ text, line }).kind === 'shell'
    ? [finding('command-not-json', { file, line }, { keyword })]
    : []
}
