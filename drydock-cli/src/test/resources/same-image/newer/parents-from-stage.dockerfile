# COPY --from --parents keeps owners and modes of the directories between, or gives them --chown's.
FROM base:1 AS s
RUN mkdir -p /p/q/r /p/q/s && echo 1 > /p/q/r/f && echo 2 > /p/q/s/f && chown -R 5:6 /p && chmod 711 /p/q
FROM base:1
COPY --from=s --parents /p/q/r/f /a/
COPY --from=s --parents /p/./q/*/f /b/
COPY --from=s --parents --chown=7:8 /p/q/s /c
