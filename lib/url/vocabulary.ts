const words = new Set(
  `a address api app base bucket change click cluster connection database databaseurl db dbname default dsn enter fill from here host
  hostname id in insert instance item key local me my mysql name number of or pass password passwd pg pgdatabase pghost pgpassword
  pgport pguser port postgres postgresql primary private project prisma public pwd real ref reference region replace reveal secret secrets
  server service something sql sqlite string tenant that the this to todo uri url user username value variable vault with www xata your`.split(
    /\s+/,
  ),
)

/**
 * Whether a text is made of words that stand in templates and names of variables, and so cannot be a secret. Nothing else that was
 * read is ever repeated.
 */
export function isPublicName(text: string): boolean {
  const parts = text.toLowerCase().split(/[^a-z]+/)
  return (
    text.length <= 60 &&
    /^[\w .$-]+$/.test(text) &&
    !/\d{3}/.test(text) &&
    parts.every((part) => part === '' || words.has(part))
  )
}

/** The name, or three dots in its place. */
export function publicName(text: string): string {
  return isPublicName(text) ? text : '…'
}
