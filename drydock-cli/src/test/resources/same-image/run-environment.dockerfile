FROM base:1
ENV A="x y" EMPTY=
RUN env | grep -v -e HOSTNAME -e SHLVL -e OTEL_ -e TRACEPARENT | sort > /env
RUN hostname > /hostname-of-it; umask > /umask; ulimit -c > /dev/null; cat /proc/self/cgroup > /dev/null
