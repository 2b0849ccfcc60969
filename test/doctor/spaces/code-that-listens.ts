import { type Files, type Space, address, breaks, port, raw, works } from './space.js'

const hypercorn = (lines: string): Files =>
  raw(
    'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install quart hypercorn\nCMD ["python", "main.py"]',
    {
      'main.py': `import asyncio, os\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nfrom app import app\n${lines}\n`,
    },
  )
const aspnet = (version: string, lines: string, files: Files = {}): Files =>
  raw(
    `FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:${version}\nWORKDIR /app\nCOPY --from=build /app .\n${lines}`,
    { 'Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web" />', 'Program.cs': 'app.Run();\n', ...files },
  )
const go = (source: string, files: Files = {}): Files =>
  raw(
    'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /bin/app .\nFROM alpine:3.20\nCOPY --from=build /bin/app /usr/local/bin/app\nUSER 1000\nENTRYPOINT ["app"]',
    { 'go.mod': 'module example.com/x\n', 'main.go': `package main\n\n${source}\n`, ...files },
  )
const gunicorn = (config: string): Files =>
  raw(
    'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask gunicorn\nCMD ["gunicorn", "-c", "conf.py", "app:app"]',
    {
      'app.py': '',
      'conf.py': config,
    },
  )
const dotnet = 'ENTRYPOINT ["dotnet", "Web.dll"]'

/** Addresses that stand in the code, or in what the image says of it. */
export const codeThatListens: readonly Space[] = [
  works(
    'hypercorn by a file of settings',
    hypercorn('config = Config.from_toml("hypercorn.toml")\nasyncio.run(serve(app, config))'),
  ),
  works(
    'hypercorn with settings that a function makes',
    hypercorn('def run(config):\n    asyncio.run(serve(app, config))\n\nrun(make())'),
  ),
  works(
    'hypercorn, bound twice',
    hypercorn(
      'config = Config()\nconfig.bind = ["127.0.0.1:8000"]\nif os.environ.get("SPACE_ID"):\n    config.bind = ["0.0.0.0:7860"]\nasyncio.run(serve(app, config))',
    ),
  ),
  works(
    'hypercorn without TLS beside',
    hypercorn(
      'config = Config()\nconfig.bind = ["0.0.0.0:8443"]\nconfig.insecure_bind = ["0.0.0.0:7860"]\nasyncio.run(serve(app, config))',
    ),
  ),
  works(
    'hypercorn from an open mapping',
    hypercorn('options = load()\nasyncio.run(serve(app, Config.from_mapping(**options)))'),
  ),
  works(
    'hypercorn, bound after the start of a list',
    hypercorn('config = Config()\nconfig.bind.append("0.0.0.0:7860")\nasyncio.run(serve(app, config))'),
  ),
  works(
    'hypercorn, bound by setattr',
    hypercorn(
      'config = Config()\nfor key, value in options.items():\n    setattr(config, key, value)\nasyncio.run(serve(app, config))',
    ),
  ),
  works(
    'hypercorn on a socket',
    hypercorn('config = Config()\nconfig.bind = ["unix:/tmp/app.sock"]\nasyncio.run(serve(app, config))'),
  ),
  works('another serve', hypercorn('from grpc_app import serve as other\nother(app, Config())')),
  works(
    'a mapping of hypercorn on the right port',
    hypercorn('asyncio.run(serve(app, Config.from_mapping({"bind": "0.0.0.0:7860", "workers": 2})))'),
  ),
  breaks('hypercorn with a bare Config', port, hypercorn('asyncio.run(serve(app, Config()))')),
  breaks(
    'hypercorn with keywords',
    port,
    hypercorn('asyncio.run(serve(app, config=Config.from_mapping(bind=["0.0.0.0:8000"])))'),
  ),
  breaks(
    'hypercorn with a port of the environment',
    port,
    hypercorn(
      'config = Config()\nconfig.bind = ["0.0.0.0:" + os.environ.get("PORT", "8000")]\nasyncio.run(serve(app, config))',
    ),
  ),
  works('a sum of numbers', gunicorn('base = 7000\noffset = 860\nbind = f"0.0.0.0:{base + offset}"\n')),
  works(
    'a sum of texts and a call',
    gunicorn('import os\nbind = "0.0.0.0:" + str(os.environ.get("PORT", 7860))\n'),
  ),
  breaks(
    'a sum of three texts',
    port,
    gunicorn('host = "0.0.0.0"\nport = "8000"\nbind = host + ":" + port\n'),
  ),
  works(
    'ASP.NET that names its address',
    aspnet('8.0', dotnet, { 'Program.cs': 'app.Run("http://0.0.0.0:7860");\n' }),
  ),
  works(
    'ASP.NET that takes PORT',
    aspnet('8.0', dotnet, {
      'Program.cs':
        'var port = Environment.GetEnvironmentVariable("PORT") ?? "7860";\nbuilder.WebHost.UseUrls($"http://*:{port}");\n',
    }),
  ),
  works(
    'ASP.NET by appsettings',
    aspnet('8.0', dotnet, {
      'appsettings.json': '{ "Kestrel": { "Endpoints": { "Http": { "Url": "http://0.0.0.0:7860" } } } }',
    }),
  ),
  works('ASP.NET by Urls', aspnet('8.0', dotnet, { 'appsettings.json': '{ "Urls": "http://+:7860" }' })),
  works(
    'ASP.NET with a flag',
    aspnet('8.0', 'ENTRYPOINT ["dotnet", "Web.dll", "--urls", "http://0.0.0.0:7860"]'),
  ),
  works(
    'ASP.NET with a variable before the command',
    aspnet('8.0', 'CMD ASPNETCORE_URLS=http://*:7860 dotnet Web.dll'),
  ),
  works('ASP.NET with a variable for ports', aspnet('8.0', `ENV ASPNETCORE_HTTP_PORTS=7860\n${dotnet}`)),
  works('ASP.NET on an image that nobody knows', aspnet('8.0', dotnet.replace('dotnet', 'other'))),
  breaks('ASP.NET of an old image on 80', port, aspnet('7.0', dotnet)),
  breaks('ASP.NET with another port', port, aspnet('8.0', `ENV ASPNETCORE_URLS=http://+:5000\n${dotnet}`)),
  breaks(
    'ASP.NET on loopback',
    address,
    aspnet('8.0', `ENV ASPNETCORE_URLS=http://localhost:7860\n${dotnet}`),
  ),
  works(
    'Go with a flag',
    go(
      'import ("flag"; "net/http")\nfunc main() {\n\taddr := flag.String("addr", ":7860", "")\n\tflag.Parse()\n\thttp.ListenAndServe(*addr, nil)\n}',
    ),
  ),
  works(
    'Go with metrics beside',
    go(
      'import "net/http"\nfunc main() {\n\tgo http.ListenAndServe(":9090", nil)\n\thttp.ListenAndServe(":7860", nil)\n}',
    ),
  ),
  works(
    'Go with a server of its own',
    go(
      'import "net/http"\nfunc main() {\n\tgo http.ListenAndServe(":9090", nil)\n\tserver := &http.Server{Addr: ":7860"}\n\tserver.ListenAndServe()\n}',
    ),
  ),
  works(
    'Go with an address in a comment',
    go(
      'import "net/http"\nfunc main() {\n\t// http.ListenAndServe(":8080", nil)\n\thttp.ListenAndServe(":7860", nil)\n}',
    ),
  ),
  works(
    'Go with two programs',
    go('import "net/http"\nfunc main() { http.ListenAndServe(":8080", nil) }', {
      'cmd/web/main.go': 'package main\n',
    }),
  ),
  works(
    'Gin by PORT',
    go('import "github.com/gin-gonic/gin"\nfunc main() {\n\tr := gin.Default()\n\tr.Run()\n}'),
  ),
  works(
    'Gin on the right port',
    go('import "github.com/gin-gonic/gin"\nfunc main() {\n\tr := gin.Default()\n\tr.Run("0.0.0.0:7860")\n}'),
  ),
  breaks(
    'Gin on 8080',
    port,
    go('import "github.com/gin-gonic/gin"\nfunc main() {\n\tr := gin.Default()\n\tr.Run(":8080")\n}'),
  ),
  breaks(
    'Echo on 1323',
    port,
    go(
      'import "github.com/labstack/echo/v4"\nfunc main() {\n\te := echo.New()\n\te.Logger.Fatal(e.Start(":1323"))\n}',
    ),
  ),
  breaks(
    'Fiber on 3000',
    port,
    go('import "github.com/gofiber/fiber/v2"\nfunc main() {\n\tapp := fiber.New()\n\tapp.Listen(":3000")\n}'),
  ),
  breaks(
    'Go on loopback',
    address,
    go('import "net/http"\nfunc main() { http.ListenAndServe("127.0.0.1:7860", nil) }'),
  ),
]
