import { listening, splitAddress, type Answer, type Container, type Process } from './listening.ts'

const variables = /^(?:ASPNETCORE|DOTNET)_(?:URLS|HTTPS?_PORTS)$|^(?:URLS|HTTPS?_PORTS)$/
/** What lets a program of ASP.NET choose its address by itself. */
const chooses =
  /urls\b|Kestrel|Listen\w*\(|\bRun(?:Async)?\(\s*[^)\s]|_PORTS|CommandLine|EnvironmentVariable/i

/** `dotnet Web.dll` on an image of ASP.NET: ASPNETCORE_URLS, else the port that the image says. */
export function readDotnet(args: Process['words'], process: Process, container: Container): Answer {
  const { image, folder } = container
  const { environment, place } = process
  const version = /^mcr\.microsoft\.com\/dotnet\/aspnet:(\d+)\.\d/.exec(image.baseName)?.[1]
  const isPlain = args.length === 1 && args[0]?.endsWith('.dll') && place.file === 'Dockerfile'
  if (version === undefined || !isPlain) return 'unknown'
  const given = [...image.settings.keys()].filter((name) => variables.test(name))
  if (given.length > 0) {
    const urls = given.length === 1 && given[0] === 'ASPNETCORE_URLS' ? environment.get(given[0]) : undefined
    const address = urls && !urls.includes(';') ? splitAddress(urls) : undefined
    if (!address?.port) return 'unknown'
    const host = /^[+*]$/.test(address.host) ? '0.0.0.0' : address.host
    return [listening('ASP.NET', address.port, host, place)]
  }
  const words = [image.cmd, image.entrypoint].map((form) => form && JSON.stringify(form)).join(' ')
  const sources = folder.files.filter(
    (file) => /\.(?:cs|fs|vb|json)$/.test(file) && !/launchSettings/.test(file),
  )
  const isWeb = folder.files.some(
    (file) => file.endsWith('proj') && folder.text(file).includes('Microsoft.NET.Sdk.Web'),
  )
  const isOpen = /=/.test(words) || sources.some((file) => chooses.test(folder.text(file)))
  if (!isWeb || isOpen || !folder.isComplete) return 'unknown'
  return [listening('ASP.NET', Number(version) >= 8 ? '8080' : '80', '0.0.0.0', place)]
}
