FROM base:1
COPY a.txt /new/name
