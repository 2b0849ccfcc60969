import { commandHelp } from '#lib/cli/help.js'
import { commands } from '#lib/cli/commands.js'
import t from 'tap'

t.test('the help of a command names its operand', async (t) => {
  const command = { name: 'visit', summary: 'Visit a place', options: {}, operand: 'PLACE', run: () => 0 }
  t.match(commandHelp(command), /^Usage: failsoft visit \[OPTION\]… \[PLACE\]\n\nVisit a place\.\n/)
})

t.test('every command and every option is explained', async (t) => {
  for (const command of commands) {
    t.match(commandHelp(command), command.summary)
    for (const [name, { help }] of Object.entries(command.options))
      t.match(commandHelp(command), new RegExp(`--${name}.* ${help}`))
  }
})
