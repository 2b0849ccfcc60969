# Ships example-app: one image for a Hugging Face Space, Docker, Compose and every host that runs a Dockerfile.

FROM node:24-bookworm AS build
WORKDIR /app
# Where a module has to be compiled, Node's headers are here already.
ENV npm_config_nodedir=/usr/local
COPY package.json package-lock.json ./
COPY example-app/package.json example-app/
# Without a SQLite addon the app runs on the SQLite inside Node, and says so: that is no reason to have no image.
RUN npm ci --ignore-scripts --no-audit --no-fund \
 && { npm rebuild --foreground-scripts sqlite3 || echo 'sqlite3 was not built: the app will run on node:sqlite'; }
COPY tsconfig.base.json ./
COPY lib lib
COPY scripts scripts
COPY example-app example-app
# Bundles start faster: a few files to read, where there are seven hundred modules.
RUN npm run prepack && npm run bundle:app \
 && npm prune --omit=dev --omit=optional --no-audit --no-fund \
 && rm -rf node_modules/sqlite3/deps node_modules/sqlite3/src \
 && find node_modules/sqlite3 -path '*/build/*' -type f ! -path '*/build/Release/node_sqlite3.node' -delete \
 && find node_modules -type d -empty -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    DATABASE_FALLBACK=always
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
COPY --from=build /app/example-app/package.json example-app/
COPY --from=build /app/example-app/dist example-app/dist
COPY --from=build /app/example-app/page example-app/page
# The code belongs to root, the data to the one who runs it.
RUN mkdir data && chown node:node data
USER node
EXPOSE 7860
# Liveness: a database that is away is no reason to restart the app.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 7860}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "example-app/dist/main.js"]
