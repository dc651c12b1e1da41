# syntax=docker/dockerfile:1
# Everything that the gateway needs to run and nothing else: no npm project, no compiler, no tests, no secrets.
# Pin the base by digest where you build for good: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No dependency needs its install script; none gets to run one.
RUN npm ci --ignore-scripts
COPY tsconfig*.json ./
COPY scripts/build.js ./scripts/
COPY src ./src
# Not `npm run build`, which also bundles the browser half for the npm package.
RUN node scripts/build.js && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mau-guard" \
      org.opencontainers.image.description="Token-issuing gateway with an exact monthly-active-user guard for Twilio Conversations (classic)" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    LEDGER_PATH=/data/ledger.db
WORKDIR /app
# Owned by root and read-only to the gateway, also where the root file system is writable.
COPY package.json LICENSE ./
COPY config ./config
# What the doctor and other commands lead to.
COPY docs ./docs
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# By number, because Kubernetes cannot tell from a name that it is not root.
RUN install -d -o 65532 -g 65532 -m 0700 /data
USER 65532:65532
VOLUME /data
EXPOSE 3000 9464
# The gateway ends in order at SIGTERM, within 20 s: 5 s for load balancers to look, 10 s for what is in flight.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "dist/cli/main.js", "healthcheck"]
CMD ["node", "--max-semi-space-size=32", "--single-threaded-gc", "dist/cli/main.js", "serve"]
