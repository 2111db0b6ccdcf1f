# COPY --chmod with letters on a directory with set-id bits and on a file with all special bits.
FROM base:1 AS s
RUN mkdir -p /p/d && chmod 6755 /p/d && echo a > /p/f && chmod 7640 /p/f
FROM scratch
COPY --from=s --chmod=a=rx /p /00
COPY --from=s --chmod=u=rwX,go= /p /01
COPY --from=s --chmod=+t /p /02
COPY --from=s --chmod=g-s /p /03
COPY --from=s --chmod== /p /04
COPY --from=s --chmod=o+t /p /05
COPY --from=s --chmod=-s /p /06
COPY --from=s --chmod=a+X /p /07
COPY --from=s --chmod=u=g /p /08
COPY --from=s --chmod=a-t /p /09
