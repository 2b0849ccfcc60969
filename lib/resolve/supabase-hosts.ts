/** Whether a host is the server of a project of Supabase, as `db.PROJECT.supabase.co` is. */
export function isSupabaseServer(host: string): boolean {
  return /^db\.[a-z0-9]+\.supabase\.co$/i.test(host)
}

/** Whether a host is a pooler that the projects of Supabase share; the user names the project there: `USER.PROJECT`. */
export function isSupabasePooler(host: string): boolean {
  return /\.pooler\.supabase\.com$/i.test(host)
}
