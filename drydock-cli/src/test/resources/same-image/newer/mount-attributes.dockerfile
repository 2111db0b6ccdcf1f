FROM base:1
RUN --mount=type=cache,target=/c,uid=5,gid=6,mode=0700 stat -c '%a %u %g' /c > /s
RUN --mount=type=cache,target=/var/x/y touch /var/x/y/z
RUN --mount=type=tmpfs,target=/tt,size=1m df /tt | tail -1 | tr -s ' ' | cut -d' ' -f2 > /size; stat -c %a /tt > /ttmode 2>&1 || true
