FROM base:1
RUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t echo 1 > /c/f && echo 2 > /t/f && cp /c/f /kept
