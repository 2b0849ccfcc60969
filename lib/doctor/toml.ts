import { parse } from 'smol-toml'

/** Parses TOML; nothing where the text is none. */
export function readToml(text: string): Record<string, unknown> | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
