FROM base:1
COPY a.txt /a
COPY a.txt /a
COPY dir /d
COPY dir /d
