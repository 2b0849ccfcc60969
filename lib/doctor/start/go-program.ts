import { posix } from 'node:path'
import { lineAt } from '../line-at.ts'
import { listening, splitAddress, type Answer, type Container, type Listening } from './listening.ts'

const listens = String.raw`ListenAndServe\w*|Listen\w*|Serve(?:TLS)?`
const frameworks = /"github\.com\/(?:gin-gonic\/gin|labstack\/echo)/

/** A program that the build makes of the one `package main` of the folder, where each call that listens names its address. */
export function answerGo(program: string, { folder }: Container): Answer {
  const outputs = folder.text('Dockerfile').matchAll(/\bgo\s+build\b[^\n&|;]*\s-o[= ]\s*(\S+)/g)
  const isBuilt = [...outputs].some((match) => posix.basename(match[1]!) === posix.basename(program))
  const files = folder.files.filter((file) => /(?<!_test)\.go$/.test(file) && !/(?:^|\/)vendor\//.test(file))
  const mains = files.filter((file) => /^package main\b/m.test(folder.text(file)))
  const isOne = new Set(mains.map((file) => posix.dirname(file))).size === 1
  if (!isBuilt || !isOne || !folder.isComplete) return 'unknown'
  const found = files.flatMap((file) => listensIn(file, folder.text(file)))
  return found.length > 0 ? found : 'unknown'
}

/** Gin and Echo name it `Run` and `Start`. */
function listensIn(file: string, text: string): Listening[] {
  const methods = frameworks.test(text) ? `${listens}|Run\\w*|Start\\w*` : listens
  const calls = new RegExp(`\\.(?:${methods})\\(\\s*(?:"tcp4?",\\s*)?(?:"([^"\\\\]*)"\\s*[,)])?`, 'g')
  const plain = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))
  return [...plain.matchAll(calls)].map(({ 1: written, index }) => {
    const { host = '', port } = (written === undefined ? undefined : splitAddress(written)) ?? {}
    return listening('The app', port, host || '0.0.0.0', { file, line: lineAt(text, index) })
  })
}
