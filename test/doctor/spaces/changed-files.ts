import { type Space, breaks, port, raw, works } from './space.js'

const nginx = (lines: string, files: Record<string, string> = {}) =>
  raw(`FROM nginx:alpine\nCOPY site.conf /etc/nginx/conf.d/default.conf\n${lines}`, {
    'site.conf': 'server {\n  listen 80;\n  root /usr/share/nginx/html;\n}\n',
    ...files,
  })
const apache = (lines: string, files: Record<string, string> = {}) =>
  raw(`FROM php:8.3-apache\nCOPY . /var/www/html/\n${lines}`, files)
const script = 'COPY start.sh /start.sh\nCMD ["sh","/start.sh"]'
const sed = 'sed -i "s/listen 80/listen 7860/" /etc/nginx/conf.d/default.conf'
const run = 'nginx -g "daemon off;"\n'
const python = (lines: string, files: Record<string, string> = {}) =>
  raw(`FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask streamlit\n${lines}`, files)
const flask = 'from flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=8000)\n'

const right: readonly Space[] = [
  works('nginx, changed by the command', nginx(`CMD ${sed} && nginx -g "daemon off;"`)),
  works(
    'nginx, changed by a list',
    nginx(`CMD ["sh","-c","sed -i s/80/7860/ /etc/nginx/conf.d/default.conf && nginx -g 'daemon off;'"]`),
  ),
  works('nginx, changed by a script', nginx(script, { 'start.sh': `#!/bin/sh\n${sed}\nexec ${run}` })),
  works(
    'nginx, changed by a script over two lines',
    nginx(script, {
      'start.sh': `#!/bin/sh\nsed -i \\\n  s/80/7860/ \\\n  /etc/nginx/conf.d/default.conf\nexec ${run}`,
    }),
  ),
  works(
    'nginx, its file in a variable',
    nginx(script, {
      'start.sh': `#!/bin/sh\nCONF=/etc/nginx/conf.d/default.conf\nsed -i s/80/7860/ "$CONF"\nexec ${run}`,
    }),
  ),
  works(
    'nginx, changed by the entry point',
    nginx('COPY start.sh /start.sh\nENTRYPOINT ["sh","/start.sh"]\nCMD ["nginx","-g","daemon off;"]', {
      'start.sh': `#!/bin/sh\n${sed}\nexec "$@"\n`,
    }),
  ),
  works(
    'nginx, changed by a script of its image',
    nginx('COPY --chmod=755 start.sh /docker-entrypoint.d/30-port.sh', { 'start.sh': `#!/bin/sh\n${sed}\n` }),
  ),
  works(
    'nginx, made from a template',
    nginx(script, {
      'start.sh': `#!/bin/sh\nenvsubst '$PORT' < /app/site.conf > /etc/nginx/conf.d/default.conf\nexec ${run}`,
    }),
  ),
  works(
    'nginx, copied at the start',
    nginx(script, {
      'start.sh': `#!/bin/sh\ncp /app/other.conf /etc/nginx/conf.d/default.conf\nexec ${run}`,
    }),
  ),
  works(
    'nginx, written by a here-document',
    nginx(script, {
      'start.sh': `#!/bin/sh\ncat > /etc/nginx/conf.d/default.conf <<EOF\nserver { listen 7860; }\nEOF\nexec ${run}`,
    }),
  ),
  works(
    'Apache, changed by the command',
    apache(
      'CMD sed -i "s/80/7860/g" /etc/apache2/ports.conf /etc/apache2/sites-enabled/*.conf && apache2-foreground',
    ),
  ),
  works(
    'Apache, changed by a script',
    apache('CMD ["bash","start.sh"]', {
      'start.sh':
        '#!/bin/bash\nsed -ri "s/Listen 80/Listen ${PORT:-7860}/" /etc/apache2/ports.conf\nexec apache2-foreground\n',
    }),
  ),
  works(
    'Caddy, changed by the build',
    raw('FROM caddy:2\nCOPY Caddyfile /etc/caddy/Caddyfile\nRUN sed -i s/:80/:7860/ /etc/caddy/Caddyfile', {
      Caddyfile: ':80\nfile_server\n',
    }),
  ),
  works(
    'Streamlit, told by a file that the script writes',
    python('CMD ["sh","start.sh"]', {
      'app.py': 'import streamlit\n',
      'start.sh':
        '#!/bin/sh\nmkdir -p ~/.streamlit\ncat > ~/.streamlit/config.toml <<EOF\n[server]\nport = 7860\naddress = "0.0.0.0"\nEOF\nexec streamlit run app.py\n',
    }),
  ),
  works(
    'a source that the script changes',
    python('CMD ["sh","start.sh"]', {
      'app.py': flask,
      'start.sh': '#!/bin/sh\nsed -i s/8000/7860/ app.py\nexec python app.py\n',
    }),
  ),
  works(
    'a script that the build changes',
    python('RUN sed -i s/8000/7860/ start.sh\nCMD ["sh","start.sh"]', {
      'start.sh': '#!/bin/sh\nexec flask run --host 0.0.0.0 --port 8000\n',
    }),
  ),
  works(
    'a file of supervisor that the script changes',
    python('CMD ["sh","start.sh"]', {
      'app.py': flask,
      'start.sh':
        '#!/bin/sh\nsed -i s/8000/7860/ supervisord.conf\nexec supervisord -n -c supervisord.conf\n',
      'supervisord.conf': '[supervisord]\n[program:a]\ncommand=flask run --host 0.0.0.0 --port 8000\n',
    }),
  ),
  works(
    'a package.json that the build changes',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install && sed -i "s/3000/7860/" package.json\nUSER node\nCMD ["npm","start"]',
      {
        'package.json':
          '{"name":"x","engines":{"node":">=20"},"scripts":{"start":"next start -p 3000"},"dependencies":{"next":"14.2.3"}}',
      },
    ),
  ),
]

const wrong: readonly Space[] = [
  breaks(
    'nginx, spoken of by its script',
    port,
    nginx(script, { 'start.sh': `#!/bin/sh\necho "Starting nginx"\nexec ${run}` }),
  ),
  breaks('nginx, its pages thrown away', port, nginx('RUN rm -rf /usr/share/nginx/html/*')),
  breaks(
    'a script that gets other line ends',
    port,
    python(String.raw`RUN sed -i 's/\r$//' start.sh && chmod +x start.sh` + '\nCMD ["./start.sh"]', {
      'start.sh': '#!/bin/sh\nexec flask run --host 0.0.0.0 --port 8000\n',
    }),
  ),
  breaks(
    'a source that the script names',
    port,
    python('CMD ["sh","start.sh"]', {
      'app.py': flask,
      'start.sh': '#!/bin/sh\necho "Starting app.py"\nexec python app.py\n',
    }),
  ),
]

/** Files that the build or the start changes. */
export const changedFiles: readonly Space[] = [...right, ...wrong]
