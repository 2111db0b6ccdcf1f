FROM base:1
COPY archive.tar.gz /x/
