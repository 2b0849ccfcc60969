/** A small project folder: path → content. */
export interface Space {
  readonly name: string
  /** `no error`: it builds, boots and serves; else the least severity of the finding that says why not. */
  readonly want: 'no error' | 'error' | 'warning' | 'note'
  /** What the message or hint of that finding says. */
  readonly about?: string
  readonly files: Files
  readonly base64?: Files
}

/** Texts by path. */
export type Files = Readonly<Record<string, string>>

export const readme =
  '---\ntitle: T\nemoji: 🐳\ncolorFrom: blue\ncolorTo: green\nsdk: docker\napp_port: 7860\n---\n# T\n'
export const head =
  'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR /home/user/app\nCOPY --chown=user . .\n'
const node = 'FROM node:24-bookworm-slim\nWORKDIR /app\nCOPY --chown=node . .\nUSER node\n'

/** A whole Dockerfile. */
export const raw = (dockerfile: string, files: Files = {}): Files => ({
  'README.md': readme,
  Dockerfile: `${dockerfile}\n`,
  ...files,
})

/** After the lines for Python that Hugging Face documents. */
export const py = (lines: string, files: Files = {}): Files => raw(head + lines, files)

/** After the usual lines for Node. */
export const js = (lines: string, files: Files = {}): Files => raw(node + lines, files)

/** A program `app.py`, after lines of the Dockerfile. */
export const python = (source: string, lines = ''): Files =>
  py(`${lines}CMD ["python","app.py"]`, { 'app.py': source })

/** A program `server.js`, after lines of the Dockerfile. */
export const server = (source: string, lines = ''): Files =>
  js(`${lines}CMD ["node","server.js"]`, { 'server.js': source })

export const works = (name: string, files: Files): Space => ({ name, want: 'no error', files })

export const breaks = (name: string, about: string, files: Files, want: Space['want'] = 'error'): Space => ({
  name,
  want,
  about,
  files,
})

export const port = 'port|7860'
export const address = '127\\.0\\.0\\.1|localhost|0\\.0\\.0\\.0'
export const run = 'CMD ["uvicorn","app:app","--host","0.0.0.0","--port","7860"]'
