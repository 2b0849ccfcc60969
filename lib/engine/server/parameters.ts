import type { Parameters } from '../../url/target.ts'

/** How the parameters of a URL become the settings of a driver. */
export type ParameterMap = Readonly<
  Record<string, { readonly setting: string; readonly read?: (text: string) => string | number | boolean }>
>

/** The settings that the known ones among the parameters stand for. */
export function mapParameters(map: ParameterMap, params: Parameters): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const [name, { setting, read }] of Object.entries(map)) {
    const value = params[name]
    if (typeof value === 'string' && value !== '') settings[setting] = read ? read(value) : value
  }
  return settings
}

/** A number that one of these parameters holds. */
export function readNumber(params: Parameters, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = params[name]
    if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  }
  return undefined
}
