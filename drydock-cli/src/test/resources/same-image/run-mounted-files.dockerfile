FROM base:1
RUN echo 127.0.0.9 x >> /etc/hosts 2>/dev/null; rm -f /etc/hostname 2>/dev/null; test -s /etc/resolv.conf; echo done > /done
