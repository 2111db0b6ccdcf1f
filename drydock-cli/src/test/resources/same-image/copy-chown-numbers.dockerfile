FROM base:1
COPY --chown=55:66 dir /d
COPY --chown=77:0 a.txt /made/for/it/
