FROM base:1
RUN ln -s /etc/group /link && mkdir /d && ln -s /etc/group /d/a.txt
COPY a.txt /d/
COPY dir/x /d/deep/
