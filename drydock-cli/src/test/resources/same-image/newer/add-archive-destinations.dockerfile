FROM base:1
RUN mkdir -p /real/sub && ln -s /real /alias && mkdir /x && ln -s /real /x/deep
ADD archive.tar.gz /alias/sub
ADD archive.tar.gz /x
WORKDIR /w
ADD archive.tar.gz .
