/** What `CMD`, `ENTRYPOINT`, `RUN` or `SHELL` says: a list of words, or a line for the shell. */
export type CommandForm = { readonly line: number } & (
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'shell'; readonly text: string }
)

/** Reads either form. What begins like a list and is none is a line for the shell, as for Docker. */
export function readForm({ text, line }: { text: string; line: number }): CommandForm {
  if (text.startsWith('[')) {
    try {
      const words: unknown = JSON.parse(text)
      if (Array.isArray(words) && words.every((word) => typeof word === 'string'))
        return { kind: 'list', words, line }
    } catch {
      // Not JSON: the shell form.
    }
  }
  return { kind: 'shell', text, line }
}
