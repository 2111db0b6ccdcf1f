# RUN --mount in a file of one stage: history has the command without its mounts.
FROM base:1
WORKDIR /w
RUN --mount=type=bind,source=a.txt,target=/m cat /m > /out
RUN --mount=type=cache,target=/c,id=lang-explore touch /c/x && echo done > /d
