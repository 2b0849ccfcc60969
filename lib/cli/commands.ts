import { checkCommand } from './check-command.ts'
import type { Command } from './command.ts'
import { doctorCommand } from './doctor-command.ts'
import { promoteCommand } from './promote-command.ts'
import { restoreCommand } from './restore-command.ts'
import { resolveCommand } from './resolve-command.ts'

/** The commands of `failsoft`, in the order of the help. */
export const commands: readonly Command[] = [
  resolveCommand,
  checkCommand,
  promoteCommand,
  restoreCommand,
  doctorCommand,
]
