FROM base:1
USER app:extra
RUN id > /tmp/1
USER :50
RUN id > /tmp/2
