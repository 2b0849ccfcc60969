import { type Space, address, breaks, port, py, raw, works } from './space.js'

const pom = '<artifactId>spring-boot-starter-web</artifactId>'
const java = 'FROM eclipse-temurin:21\nCOPY . /a\n'

const right: readonly Space[] = [
  works(
    'a Go program on distroless',
    raw(
      'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\nFROM gcr.io/distroless/static:nonroot\nCOPY --from=build /server /server\nENTRYPOINT ["/server"]',
      { 'go.mod': 'module x\n', 'main.go': 'package main\n' },
    ),
  ),
  works(
    'a Go program on nothing',
    raw(
      'FROM golang:1.24-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /server .\nFROM scratch\nCOPY --from=build /server /server\nUSER 1000\nCMD ["/server","-port","7860"]',
      { 'go.mod': 'module x\n' },
    ),
  ),
  works(
    'Spring by the command line',
    raw(`${java}ENTRYPOINT ["java","-jar","/a/app.jar"]\nCMD ["--server.port=7860"]`, { 'pom.xml': pom }),
  ),
  works(
    'Spring by yaml',
    raw(`${java}CMD java $JAVA_OPTS -jar /a/app.jar`, {
      'pom.xml': pom,
      'src/main/resources/application.yml': 'spring:\n  application:\n    name: x\nserver:\n  port: 7860\n',
    }),
  ),
  works(
    'Spring by a placeholder',
    raw(`${java}CMD ["java","-jar","/a/app.jar"]`, {
      'pom.xml': pom,
      'src/main/resources/application.properties': 'server.port=${PORT:7860}\n',
    }),
  ),
  works(
    'a Rust program',
    raw(
      'FROM rust:1.85-slim AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM debian:bookworm-slim\nRUN useradd -m -u 1000 user\nCOPY --from=build /src/target/release/app /usr/local/bin/app\nUSER user\nENV ROCKET_PORT=7860\nCMD ["app"]',
      { 'Cargo.toml': '[package]\n' },
    ),
  ),
  works(
    'php artisan',
    raw(
      'FROM php:8.4-cli\nCOPY . /app\nWORKDIR /app\nCMD ["php","artisan","serve","--host=0.0.0.0","--port=7860"]',
    ),
  ),
  works(
    'php-fpm and nginx in a script',
    raw(
      'FROM php:8.4-fpm\nRUN apt-get update && apt-get install -y nginx\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD ["sh","-c","php-fpm -D && nginx -g \'daemon off;\'"]',
      { 'nginx.conf': 'http { server { listen 7860; } }\n' },
    ),
  ),
  works(
    'R shiny',
    raw(
      'FROM rocker/shiny:4.4\nCOPY . /app\nCMD ["R","--quiet","-e","shiny::runApp(\'/app\', host=\'0.0.0.0\', port=7860)"]',
    ),
  ),
  works(
    'plumber',
    raw(
      'FROM rocker/r-ver:4.4\nCOPY . /app\nCMD ["Rscript","-e","plumber::pr_run(plumber::pr(\'/app/plumber.R\'), host=\'0.0.0.0\', port=7860)"]',
    ),
  ),
  works(
    'nginx with another file',
    raw(
      'FROM nginx:1.29\nCOPY nginx.conf /app/nginx.conf\nCMD ["nginx","-c","/app/nginx.conf","-g","daemon off;"]',
      { 'nginx.conf': 'events {}\nhttp { server { listen 7860; } }\n' },
    ),
  ),
  works(
    'nginx with a file from elsewhere',
    raw(
      'FROM nginx:1.29\nRUN curl -o /app.conf https://example.com/x\nCMD ["nginx","-c","/app.conf","-g","daemon off;"]',
    ),
  ),
  works(
    'nginx by a template',
    raw(
      'FROM nginx:1.29-alpine\nENV PORT=7860\nCOPY default.conf.template /etc/nginx/templates/default.conf.template\n',
      { 'default.conf.template': 'server { listen ${PORT}; listen [::]:${PORT}; }\n' },
    ),
  ),
  works(
    'nginx, the default removed',
    raw(
      'FROM nginx:1.29\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY app.conf /etc/nginx/conf.d/\nEXPOSE 7860',
      { 'app.conf': 'server { listen 7860 default_server; }\n' },
    ),
  ),
  works(
    'nginx without privileges',
    raw('FROM nginxinc/nginx-unprivileged:1.29\nCOPY default.conf /etc/nginx/conf.d/default.conf', {
      'default.conf': 'server { listen 0.0.0.0:7860; }\n',
    }),
  ),
  works(
    'nginx before gunicorn',
    py(
      'USER root\nRUN apt-get update && apt-get install -y nginx\nCOPY nginx.conf /etc/nginx/sites-enabled/default\nCMD ["sh","-c","nginx && gunicorn -b 127.0.0.1:8000 app:app"]',
      { 'nginx.conf': 'server { listen 7860; location / { proxy_pass http://127.0.0.1:8000; } }\n' },
    ),
  ),
  works(
    'nginx as a service before gunicorn',
    py('CMD ["sh","-c","service nginx start && gunicorn -b unix:/tmp/a.sock app:app"]'),
  ),
  works(
    'caddy file-server',
    raw('FROM caddy:2\nCOPY . /srv\nCMD ["caddy","file-server","--root","/srv","--listen",":7860"]'),
  ),
  works(
    'caddy with a variable',
    raw('FROM caddy:2\nENV PORT=7860\nCOPY Caddyfile /etc/caddy/Caddyfile', {
      Caddyfile:
        '{\n  admin off\n}\n:{$PORT} {\n  reverse_proxy localhost:3000\n}\n:8080 {\n  respond "x"\n}\n',
    }),
  ),
  works(
    'apache by a file',
    raw('FROM httpd:2.4\nCOPY httpd.conf /usr/local/apache2/conf/httpd.conf', {
      'httpd.conf': 'ServerRoot "/usr/local/apache2"\nListen 7860\n',
    }),
  ),
  works(
    'ollama in its image',
    raw('FROM ollama/ollama\nENV OLLAMA_HOST=0.0.0.0:7860\nRUN useradd -m -u 1000 user || true\nUSER 1000'),
  ),
  works(
    'llama.cpp in its image',
    raw('FROM ghcr.io/ggml-org/llama.cpp:server\nCMD ["-m","/m.gguf","--host","0.0.0.0","--port","7860"]'),
  ),
  works(
    'llama-server by variables',
    py('ENV LLAMA_ARG_HOST=0.0.0.0 LLAMA_ARG_PORT=7860\nCMD ["llama-server","-m","m.gguf"]'),
  ),
  works(
    'text-generation-inference',
    raw('FROM ghcr.io/huggingface/text-generation-inference:3.0\nCMD ["--model-id","gpt2","--port","7860"]'),
  ),
  works('code-server', py('CMD ["code-server","--bind-addr","0.0.0.0:7860","--auth","none","."]')),
  works(
    'a shell of its own',
    raw(
      'FROM python:3.12-slim\nSHELL ["/bin/bash","-o","pipefail","-c"]\nRUN echo x | cat\nCMD uvicorn app:app --host 0.0.0.0 --port 7860',
    ),
  ),
  works('n8n in its image', raw('FROM n8nio/n8n:1.80.0\nENV N8N_PORT=7860\nUSER node')),
  works(
    'an ENTRYPOINT that is taken away',
    raw('FROM ghcr.io/acme/tool:1\nENTRYPOINT []\nCMD ["python","-m","http.server","7860"]'),
  ),
  works(
    'dotnet',
    raw(
      'FROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY . .\nENV ASPNETCORE_URLS=http://+:7860\nENTRYPOINT ["dotnet","App.dll"]',
    ),
  ),
  works('elixir', raw('FROM elixir:1.18\nCOPY . .\nENV PORT=7860\nCMD ["mix","phx.server"]')),
  works(
    'a heredoc that is the start script',
    raw(
      'FROM python:3.12-slim\nCOPY <<"EOF" /start.sh\n#!/bin/sh\nexec uvicorn app:app --host 0.0.0.0 --port 7860\nEOF\nRUN chmod +x /start.sh\nCMD ["/start.sh"]',
    ),
  ),
  works(
    'a start script from echo',
    raw(
      'FROM python:3.12-slim\nRUN printf \'#!/bin/sh\\nuvicorn app:app --host 0.0.0.0 --port 7860\\n\' > /start.sh && chmod +x /start.sh\nCMD ["/start.sh"]',
    ),
  ),
  works(
    'redis beside',
    py('CMD ["sh","-c","redis-server --daemonize yes && uvicorn app:app --host 0.0.0.0 --port 7860"]'),
  ),
]

const wrong: readonly Space[] = [
  breaks(
    'php artisan on loopback',
    address,
    raw('FROM php:8.4-cli\nCOPY . /app\nWORKDIR /app\nCMD ["php","artisan","serve","--port=7860"]'),
  ),
  breaks(
    'php -S on 8000',
    port,
    raw('FROM php:8.4-cli\nCOPY . /app\nCMD ["php","-S","0.0.0.0:8000","-t","/app"]'),
  ),
  breaks(
    'Spring by yaml on 8081',
    port,
    raw(`${java}CMD ["java","-jar","/a/app.jar"]`, {
      'pom.xml': pom,
      'src/main/resources/application.yml': 'server:\n  port: 8081\n',
    }),
  ),
  breaks(
    'R shiny on 3838',
    port,
    raw(
      'FROM rocker/shiny:4.4\nCOPY . /app\nCMD ["R","-e","shiny::runApp(\'/app\', host=\'0.0.0.0\', port=3838)"]',
    ),
  ),
  breaks(
    'R shiny on loopback',
    address,
    raw('FROM rocker/shiny:4.4\nCOPY . /app\nCMD ["Rscript","-e","shiny::runApp(\'/app\', port=7860)"]'),
  ),
  breaks(
    'nginx with another file on 8080',
    port,
    raw(
      'FROM nginx:1.29\nCOPY nginx.conf /app/nginx.conf\nCMD ["nginx","-c","/app/nginx.conf","-g","daemon off;"]',
      { 'nginx.conf': 'http { server { listen 8080; } }\n' },
    ),
  ),
  breaks(
    'nginx without privileges on 8080',
    port,
    raw('FROM nginxinc/nginx-unprivileged:1.29\nCOPY . /usr/share/nginx/html'),
  ),
  breaks(
    'nginx by a template on 80',
    port,
    raw('FROM nginx:1.29\nCOPY default.conf.template /etc/nginx/templates/default.conf.template\n', {
      'default.conf.template': 'server { listen 80; }\n',
    }),
  ),
  breaks(
    'caddy file-server on 80',
    port,
    raw('FROM caddy:2\nCOPY . /srv\nCMD ["caddy","file-server","--root","/srv"]'),
  ),
  breaks(
    'caddy on 8080',
    port,
    raw('FROM caddy:2\nCOPY Caddyfile /etc/caddy/Caddyfile', {
      Caddyfile: ':8080 {\n  root * /srv\n  file_server\n}\n',
    }),
  ),
  breaks(
    'apache by a file on 8080',
    port,
    raw('FROM httpd:2.4\nCOPY httpd.conf /usr/local/apache2/conf/httpd.conf', {
      'httpd.conf': 'Listen 8080\n',
    }),
  ),
  breaks('llama-server on loopback', address, py('CMD ["llama-server","-m","m.gguf","--port","7860"]')),
  breaks(
    'text-generation-launcher on 3000',
    port,
    py('CMD ["text-generation-launcher","--model-id","gpt2"]'),
  ),
  breaks(
    'code-server on loopback',
    address,
    py('CMD ["code-server","--auth","none","--bind-addr","127.0.0.1:7860"]'),
  ),
  breaks(
    'rails',
    '3000|7860',
    raw('FROM ruby:3.4\nWORKDIR /app\nCOPY . .\nCMD ["rails","server","-b","0.0.0.0"]'),
  ),
]

/** What others start: Go, Java, PHP, R, web servers, models. */
export const otherStarts: readonly Space[] = [...right, ...wrong]
