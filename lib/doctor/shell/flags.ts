type Words = readonly (string | undefined)[]

/** The words that do not begin with a hyphen, values of flags among them. */
export function operandsOf(args: Words): Words {
  return args.filter((arg) => !arg?.startsWith('-'))
}

/**
 * Finds the value of a flag; the last one counts.
 *
 * @returns '' where its value is missing, `null` where it cannot be known, nothing where the flag is not there.
 */
export function findFlag(args: Words, flags: readonly string[]): string | null | undefined {
  return findAllFlags(args, flags).at(-1)
}

/** Every value of a flag, in order. */
export function findAllFlags(args: Words, flags: readonly string[]): (string | null)[] {
  return args.flatMap((arg, index) => {
    const flag = arg === undefined ? undefined : flags.find((each) => isFlag(arg, each))
    if (flag === undefined) return []
    if (arg!.length > flag.length) return [arg!.slice(flag.length).replace(/^=/, '')]
    const next = args[index + 1]
    return [index + 1 >= args.length || next?.startsWith('-') ? '' : (next ?? null)]
  })
}

/** `--port`, `--port=80`, `-p`, `-p80`. */
function isFlag(arg: string, flag: string): boolean {
  return (
    arg === flag ||
    arg.startsWith(`${flag}=`) ||
    (/^-\w$/.test(flag) && arg.startsWith(flag) && /^..[\d.:[]/.test(arg))
  )
}
