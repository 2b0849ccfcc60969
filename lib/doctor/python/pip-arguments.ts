type Words = readonly (string | undefined)[]

const valued =
  /^(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--prefix|--root|--python|-p|--platform|--python-version|--trusted-host|--timeout|--retries|--cache-dir|--progress-bar|--config-settings|--group|--upgrade-strategy|--only-binary|--no-binary|--src)$/

/** The lists of packages that `pip install` is given. */
export function filesOfPip(args: Words): readonly string[] {
  return args.flatMap((arg, index) => {
    if (/^(?:-r|--requirement)$/.test(args[index - 1] ?? '')) return arg === undefined ? [] : [arg]
    const joined = /^(?:-r|--requirement=)(.+)$/.exec(arg ?? '')?.[1]
    return joined === undefined ? [] : [joined]
  })
}

/** What `pip install` is given beside lists: packages, folders and addresses; a word that is not known stays nothing. */
export function operandsOfPip(args: Words): Words {
  return args.slice(1).filter((arg, index) => !arg?.startsWith('-') && !valued.test(args[index] ?? ''))
}
