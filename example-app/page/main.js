import { followDatabase } from './banner.js'
import { startComposer } from './composer.js'
import { addToList, loadTasks, refreshTasks } from './task-list.js'

let wasUsable = true

startComposer(addToList)
// The list is loaded when there is a database, and again when there is one once more.
followDatabase((isUsable) => {
  if (isUsable && !wasUsable) void refreshTasks()
  wasUsable = isUsable
})
void loadTasks()
