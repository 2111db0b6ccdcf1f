FROM base:1
COPY dir /d
