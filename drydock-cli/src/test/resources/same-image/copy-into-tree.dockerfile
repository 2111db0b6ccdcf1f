FROM base:1
RUN mkdir -p -m 711 /d/sub && echo old > /d/sub/z && chown -R 5:6 /d
COPY dir /d
