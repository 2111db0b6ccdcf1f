FROM base:1
RUN mkdir /real && ln -s /real /alias && ln -s missing /dangling
COPY a.txt /alias/
COPY script.sh /alias/deep/er/
