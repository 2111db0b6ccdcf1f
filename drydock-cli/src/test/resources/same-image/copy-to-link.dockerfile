FROM base:1
RUN echo old > /target && ln -s target /link
COPY a.txt /link
