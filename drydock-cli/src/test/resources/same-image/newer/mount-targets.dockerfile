FROM base:1
WORKDIR /w
RUN --mount=source=a.txt,target=rel/a.txt cat rel/a.txt > /copy
RUN --mount=type=bind,target=. ls > /ls
RUN --mount=type=bind,from=base:1,source=/etc/passwd,target=/etc/deep/er/passwd cat /etc/deep/er/passwd > /pw
RUN --mount=type=cache,target=/etc/stub --mount=type=tmpfs,target=/newdir/sub echo x > /newdir/kept
