FROM base:1
ENV K=v
LABEL a=b c="d e" "with blank"=x
LABEL a=$K
EXPOSE 80 443/udp 8000-8002
VOLUME /data /more
VOLUME ["/json dir"]
USER nobody
WORKDIR /
STOPSIGNAL SIGQUIT
MAINTAINER Somebody <some@example.com>
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["echo", "x"]
