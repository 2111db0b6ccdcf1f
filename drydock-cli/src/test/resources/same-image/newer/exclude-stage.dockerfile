# COPY --from --exclude: patterns by path, by name at any depth, taken back with an exclamation mark.
FROM base:1 AS s
RUN mkdir -p /p/q/r /p/.h && touch /p/a.go /p/q/b.go /p/q/r/c.go /p/q/r/d.txt /p/.h/x
FROM base:1
COPY --from=s --exclude=**/*.go /p /a
COPY --from=s --exclude=*.go /p /b
COPY --from=s --exclude=q /p/ /c/
COPY --from=s --exclude=**/*.go --exclude=!q/r/*.go /p /d
COPY --from=s --exclude=.* /p /e
