FROM base:1
RUN mkdir -p /x/t && echo old > /x/in && echo kept > /x/kept && chmod 700 /x
ADD archive.tar.gz /x
