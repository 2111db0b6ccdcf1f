FROM base:1
ADD archive.tar.gz /x/
