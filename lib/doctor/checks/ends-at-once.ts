import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { mayConfigureNginx } from './nginx-files.ts'

/** What a command that goes to the background is told to stay; nothing for one that stays. */
type Cure = (args: string, project: Project) => string | undefined

const service: Cure = (args) =>
  /^\S+ (?:re)?start$/.test(args) ? 'write its own command, such as nginx -g "daemon off;"' : undefined
const apache: Cure = (args) =>
  /^(?:-k )?(?:re)?start$/.test(args) ? 'write apache2ctl -D FOREGROUND' : undefined
const ifGiven =
  (flag: RegExp, cure: string): Cure =>
  (args) =>
    flag.test(` ${args} `) ? cure : undefined

const programs: Readonly<Record<string, Cure>> = {
  nginx: (args, project) =>
    /daemon\s|(?:^|\s)-[tTvVsc]/.test(args) || mayConfigureNginx(project, /\bdaemon\b/)
      ? undefined
      : 'write nginx -g "daemon off;"',
  service,
  systemctl: ifGiven(/^ (?:re)?start /, 'write the command of the program itself'),
  apachectl: apache,
  apache2ctl: apache,
  gunicorn: ifGiven(/\s(?:-D|--daemon)\s/, 'leave out --daemon'),
  uwsgi: ifGiven(/\s--?daemonize\d?[\s=]/, 'leave out --daemonize'),
  'php-fpm': ifGiven(/\s(?:-D|--daemonize)\s/, 'write php-fpm -F'),
  pm2: (args) =>
    /^start\b/.test(args) && !/--no-daemon|--attach/.test(args) ? 'write pm2-runtime start' : undefined,
}

/** What the container starts last stays: with it the container ends. */
export function checkEndsAtOnce(project: Project): Finding[] {
  const { image, serving } = project
  const main = serving?.processes.at(-1)
  // The entry point of an image that nobody knows may go on.
  const isKnown = image?.base !== undefined || image?.entrypoint !== undefined
  if (!main || !isKnown || main.role !== 'main' || main.words.includes(undefined)) return []
  const [program = '', ...args] = main.words as readonly string[]
  const name = posix.basename(program)
  const cure = Object.hasOwn(programs, name) ? programs[name]!(args.join(' '), project) : undefined
  return cure === undefined ? [] : [finding('ends-at-once', main.place, { program: name, cure })]
}
