FROM base:1
COPY --chmod=4711 --chown=3:4 a.txt /n1/n2/a
COPY --chmod=0700 dir /n3/n4/
