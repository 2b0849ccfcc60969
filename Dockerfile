# Ships example-app: one image for a Hugging Face Space, Docker, Compose, Kubernetes and every host that runs a Dockerfile.

FROM node:24-bookworm AS build
WORKDIR /app
# Where a module has to be compiled, Node's headers are here already.
ENV npm_config_nodedir=/usr/local
# With `--build-arg SQLITE=optional` an image without the SQLite addon is made: it runs on the SQLite inside Node, and says so.
ARG SQLITE=required
COPY package.json package-lock.json ./
COPY example-app/package.json example-app/
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --no-audit --no-fund \
 && { { npm rebuild --foreground-scripts sqlite3 && node -e "require('sqlite3')"; } || [ "$SQLITE" = optional ]; }
COPY tsconfig.base.json ./
COPY lib lib
COPY scripts scripts
COPY example-app example-app
# Bundles start faster: a few files to read, where there are seven hundred modules.
RUN npm run prepack && npm run bundle:app \
 && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/sqlite3/deps node_modules/sqlite3/src node_modules/swagger-ui-dist/*.map node_modules/swagger-ui-dist/*-es-* \
 && find node_modules/sqlite3 -path '*/build/*' -type f ! -path '*/build/Release/node_sqlite3.node' -delete \
 && find node_modules -type d -empty -delete

FROM node:24-bookworm-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="failsoft example app" \
      org.opencontainers.image.description="A to-do service that boots whatever DATABASE_URL says" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim"
# What is not there cannot be used by an intruder.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn* /usr/bin/apt* /usr/bin/dpkg* /usr/lib/apt
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
COPY --from=build /app/example-app/package.json example-app/
COPY --from=build /app/example-app/dist example-app/dist
COPY --from=build /app/example-app/page example-app/page
# The code belongs to root, the data to the one who runs it.
RUN mkdir data && chown 1000:1000 data
# A number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 7860
# Liveness: a database that is away is no reason to restart the app. Bash asks in milliseconds what a second Node would ask in a tenth.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-7860} && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
CMD ["node", "example-app/dist/main.js"]
