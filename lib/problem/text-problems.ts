/** Problems of a text or an environment. What a row does not say is said in `catalogue.ts`: the reason is `malformed`. */
export const textProblems = {
  missing: {
    severity: 'refused',
    reason: 'missing',
    message: '{subject} is not set.',
    hint: 'Set it to the URL of your database, for example postgres://user:password@host:5432/database. {advice}',
  },
  empty: {
    severity: 'refused',
    reason: 'empty',
    message: '{subject} is set but empty or blank.',
    hint: 'Give it a database URL, or remove it. An empty value often means that the secret it is filled from has another name.',
  },
  'not-a-string': {
    severity: 'refused',
    message: '{subject} is {type}, not a string.',
    hint: 'Pass the URL as a string, for example postgres://user:password@host:5432/database.',
  },
  'unsupported-scheme': {
    severity: 'refused',
    reason: 'unsupported',
    message: '{subject} has the scheme "{scheme}", which is none of PostgreSQL, MySQL and SQLite.',
    hint: 'Use a URL that begins with postgres://, mysql:// or sqlite:. {advice}',
  },
  'misspelled-scheme': {
    severity: 'repaired',
    message: '{subject} has the unknown scheme "{scheme}".',
    hint: 'Did you mean "{suggestion}"? Then begin with {suggestion}: in its place.',
  },
  'missing-scheme': {
    severity: 'refused',
    message: '{subject} has no scheme.',
    hint: '{advice}',
  },
  'missing-slashes': {
    severity: 'refused',
    message: '{subject} lacks "//" after the scheme "{scheme}:".',
    hint: 'Write {scheme}:// followed by user:password@host/database.',
  },
  'driver-suffix': {
    severity: 'noted',
    message: '{subject} has the driver suffix "+{suffix}", which means nothing here and is ignored.',
    hint: 'Write {scheme}:// without "+{suffix}".',
  },
  'jdbc-url': {
    severity: 'repaired',
    message: '{subject} is a JDBC URL.',
    hint: 'Leave out "jdbc:", as in {example}.',
  },
  'http-url': {
    severity: 'refused',
    reason: 'unsupported',
    message: '{subject} is a web address ({scheme}://), not a database address.',
    hint: '{advice}',
  },
  'wrapped-in-quotes': {
    severity: 'repaired',
    message: '{subject} is wrapped in quotes ({quote}).',
    hint: 'Remove the quotes: --env-file and the secret forms of most platforms keep them as part of the value.',
  },
  'surrounding-whitespace': {
    severity: 'repaired',
    message: '{subject} has {what} around it.',
    hint: 'Save the value again without it.',
    otherwise: {
      message: '{subject} ends with "{end}", which is no part of a URL.',
      hint: 'Save the value again without it.',
    },
  },
  'pasted-command': {
    severity: 'repaired',
    message: '{subject} is a shell command ("{command}"), not only a URL.',
    hint: 'Paste the URL alone, without the command and its quotes.',
  },
  'pasted-assignment': {
    severity: 'repaired',
    message: '{subject} holds an assignment ("{name}"), not only a URL.',
    hint: 'Paste only what comes after "{name}".',
    otherwise: {
      message: '{subject} holds another assignment behind the URL, which is left out.',
      hint: 'Give each variable a line, or a field, of its own.',
    },
  },
  'unexpanded-variable': {
    severity: 'refused',
    message: '{subject} holds the name of a variable ({name}) where its value should be.',
    hint: 'Nothing replaced {name}: --env-file and the secret forms of most platforms do not expand variables. Write the value itself.',
    otherwise: {
      message: '{subject} holds a reference to a secret ({reference}) where its value should be.',
      hint: 'Nothing looked it up: the platform or the tool that knows {reference} has to, or write the value itself.',
    },
  },
  'undefined-text': {
    severity: 'refused',
    message: '{subject} holds the word "{word}" as its {part}.',
    hint: 'One of the variables that it is built from is not set. Set it, or write the value itself.',
  },
  placeholder: {
    severity: 'refused',
    message: '{subject} still holds the template text {text} as its {part}.',
    hint: 'Replace {text}, with any brackets around it, by the real value, percent-encoded.',
  },
  'unescaped-character': {
    severity: 'repaired',
    message: '{subject} has a raw "{character}" in its {part}, at position {position}.',
    hint: 'Write "{character}" as {encoded}: as it stands, programs do not agree on what it means.',
    otherwise: {
      message:
        '{subject} has a "/" in the name of its database, at position {position}, which was read as a part of that name.',
      hint: 'Remove the "/"; or write it as %2F, if the name has one.',
    },
  },
  'bad-percent-encoding': {
    severity: 'repaired',
    message:
      '{subject} has a "%" in its {part}, at position {position}, that is not followed by two hexadecimal digits of valid UTF-8.',
    hint: 'Write a literal "%" as %25.',
    otherwise: {
      message:
        '{subject} has the ":" between user and password encoded as %3A, so that both look like one user name.',
      hint: 'Write that ":" as it is, and encode only what is in the user name and in the password.',
    },
  },
  'double-encoded': {
    severity: 'noted',
    message: '{subject} has a {part} that still looks percent-encoded after decoding.',
    hint: 'It was probably encoded twice: write %40, not %2540. If it really contains "%", ignore this.',
  },
  'control-character': {
    severity: 'refused',
    message: '{subject} has {character} at position {position}.',
    hint: 'Remove it, and type the value again by hand if it was copied from a document.',
  },
  'too-long': {
    severity: 'refused',
    message: '{subject} is {length} characters long, more than the {limit} that are read.',
    hint: 'A database URL has a few hundred characters: look at what the value was filled from.',
  },
  'invalid-port': {
    severity: 'refused',
    message: '{subject} has a port that is not a number from 1 to 65535.',
    hint: 'Write host:port, for example db.example.com:{example}. {advice}',
  },
  'invalid-host': {
    severity: 'refused',
    message: '{subject} has a host that cannot be one: {why}.',
    hint: '{advice}',
  },
  'missing-host': {
    severity: 'noted',
    message: '{subject} names no host.',
    hint: 'The local server is used. Write the host after "@": {scheme}://user:password@host/database.',
  },
  'missing-user': {
    severity: 'noted',
    message: '{subject} names no user.',
    hint: "The operating system's user name is used. Write {scheme}://user:password@host/database.",
  },
  'missing-database': {
    severity: 'noted',
    message: '{subject} names no database.',
    hint: 'Write it at the end of the {scheme} URL, as in postgres://user:password@host/database or sqlite:./file.db.',
    otherwise: {
      message: '{subject} names ":memory" without the ":" at its end, and was read as a database in memory.',
      hint: 'Write sqlite::memory: to say so, or sqlite:./file.db for a file.',
    },
  },
  'unknown-parameter': {
    severity: 'noted',
    message: '{subject} has the parameter "{parameter}", which is not known for {dialect} and has no effect.',
    hint: 'Remove it, or check its spelling. {advice}',
    otherwise: {
      message:
        '{subject} names a socket with "{parameter}", which other programs read; it is used in place of the host.',
      hint: 'Write host=/directory in the query, which PostgreSQL knows.',
    },
  },
  'invalid-parameter': {
    severity: 'refused',
    message: '{subject} has a value for the parameter "{parameter}" that cannot be used.',
    hint: 'Use {expected}.',
    otherwise: {
      message: '{target} refuses the parameter "{parameter}".',
      hint: 'Remove it from the URL, or correct its spelling and its value. {advice}',
    },
  },
  'tls-parameter': {
    severity: 'noted',
    message: '{subject} sets TLS with "{parameter}", which other programs read in another way or not at all.',
    hint: 'It was read as sslmode={mode}. Write sslmode={mode} to say so.',
    otherwise: {
      message:
        '{subject} has the parameter "{parameter}", which means nothing, but is nearly "{suggestion}".',
      hint: 'Write "{suggestion}": a wish for encryption must not get lost by a misspelling.',
    },
  },
  'query-separator': {
    severity: 'repaired',
    message: '{subject} has "{separator}" before the parameter "{parameter}", where "{expected}" belongs.',
    hint: 'Write {expected}{parameter}=… there: as it stands, other programs drop the parameter without a word.',
  },
  'inline-comment': {
    severity: 'repaired',
    message: '{subject} ends with what looks like a comment.',
    hint: 'Remove everything from the " #" on: env files of containers keep it as part of the value. {advice}',
  },
  'json-secret': {
    severity: 'repaired',
    message:
      '{subject} holds the JSON of a secret store, which was read as the address of a {dialect} server.',
    hint: 'Nothing needs to be done here. For other programs, store the URL itself.',
    otherwise: {
      message: '{subject} holds JSON, not a URL, and it names no database: {why}.',
      hint: 'Store the URL itself, or JSON with host, port, username, password, dbname and engine.',
    },
  },
  'misspelled-variable': {
    severity: 'refused',
    message: '{subject} is set, but the name that is looked for is {suggestion}.',
    hint: 'Rename {subject} to {suggestion}.',
  },
  'sqlite-slashes': {
    severity: 'noted',
    message: '{subject} has three slashes, so its path is relative: "{path}".',
    hint: 'Write sqlite:./{path} for the relative path, or sqlite:/{path} for the absolute one.',
  },
  'sqlite-host': {
    severity: 'refused',
    message: '{subject} has two slashes before the file name, which make it a host, and SQLite has none.',
    hint: 'Write sqlite:./file.db for a relative path, or sqlite:/directory/file.db for an absolute one.',
  },
  'conflicting-variables': {
    severity: 'noted',
    message: '{subject} is used, and not {others}: they name different databases.',
    hint: 'Remove all but one, or make them agree.',
  },
  'several-urls': {
    severity: 'refused',
    message: '{subject} holds more than one URL.',
    hint: 'Keep one. For several hosts of one database write postgres://user:password@host1,host2/database.',
  },
  'secret-file': {
    severity: 'refused',
    message: '{subject} {why}.',
    hint: '{advice}',
  },
  'localhost-in-container': {
    severity: 'noted',
    message: '{subject} names the host "{host}", which inside a container is the container itself.',
    hint: '{advice}',
  },
  'fallback-variable': {
    severity: 'noted',
    message:
      'DATABASE_FALLBACK is "{value}", which is none of always, unconfigured and never; it counts as not set.',
    hint: 'Set it to always, unconfigured or never, or remove it.',
  },
} as const
