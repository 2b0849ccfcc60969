import { type Space, breaks, raw, run, works } from './space.js'

const manifest = '{"name":"x","engines":{"node":">=20"},"scripts":{"start":"node server.js"}}'
const files = { 'package.json': manifest, 'server.js': 'require("http").createServer().listen(7860)\n' }
const node = (lines: string) =>
  raw(`FROM node:22-slim\n${lines}\nCOPY --chown=node . .\nCMD ["node","server.js"]`, files)
const python = (lines: string) =>
  raw(
    `FROM python:3.12-slim\nRUN useradd -m -u 1000 user\n${lines}\nENV DATABASE_URL=sqlite:////app/x.db\nUSER user\n${run}`,
    {
      'app.py': 'app = 1\n',
      'requirements.txt': 'uvicorn\n',
      'data/seed.txt': 'x',
    },
  )

/** Whom a copied file belongs to, and whom its folder. */
export const owners: readonly Space[] = [
  breaks(
    'one file for the user, in a folder of root',
    '/app',
    node('WORKDIR /app\nUSER node\nCOPY --chown=node package.json ./\nRUN npm install'),
  ),
  breaks(
    'files by a pattern',
    '/app',
    node('WORKDIR /app\nUSER node\nCOPY --chown=node:node package*.json .\nRUN npm install'),
  ),
  breaks(
    'files as a list',
    '/app',
    node('WORKDIR /app\nUSER node\nCOPY --chown=node ["package.json", "./"]\nRUN npm install'),
  ),
  breaks(
    'files, and a database beside them',
    '/app',
    python('WORKDIR /app\nCOPY --chown=user app.py requirements.txt ./'),
  ),
  works(
    'a folder of the user',
    node('USER node\nWORKDIR /app\nCOPY --chown=node package.json ./\nRUN npm install'),
  ),
  works(
    'a folder that is given first',
    node('WORKDIR /app\nRUN chown node /app\nUSER node\nCOPY --chown=node package.json ./\nRUN npm install'),
  ),
  works(
    'a folder that the copy makes',
    node('USER node\nCOPY --chown=node package.json /srv/web/\nWORKDIR /srv/web\nRUN npm install'),
  ),
  works(
    'a folder that the image opens to all',
    raw(
      'FROM php:8.3-apache\nENV DB_PATH=/var/www/html/x.db PORT=80\nUSER www-data\nCMD ["php","-S","0.0.0.0:7860"]',
    ),
  ),
  works('the whole folder for the user', python('WORKDIR /app\nCOPY --chown=user . .')),
  works('the whole folder for the user, as a list', python('WORKDIR /app\nCOPY --chown=user [".", "/app"]')),
  works('a folder and a file for the user', python('WORKDIR /app\nCOPY --chown=user app.py data ./')),
]
