# FROM --platform with variables and constants, and what the stages see of it.
FROM --platform=$BUILDPLATFORM base:1 AS b
FROM --platform=linux/amd64 base:1
ARG BUILDPLATFORM TARGETPLATFORM
COPY --from=b /bin/busybox /x
ENV P=$BUILDPLATFORM Q=$TARGETPLATFORM
