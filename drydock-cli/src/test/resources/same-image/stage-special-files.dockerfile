FROM base:1 AS one
RUN mkdir /s && cd /s && mkfifo pipe && echo x > a && ln a b && ln -s a l && chmod 2755 a && chown 3:4 . l
FROM base:1
COPY --from=one /s /s
