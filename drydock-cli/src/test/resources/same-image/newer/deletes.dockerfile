FROM base:1
RUN mkdir -p /d/a/b /d/c /e && touch /d/a/b/1 /d/a/2 /d/c/3 /d/4 /e/5
RUN rm -r /d && mkdir -p /d/a && touch /d/a/2 && ln -s x /d/c
RUN rm -r /e && mkdir /e && rm -r /e && touch /e
RUN rm -r /d/a && mkdir /d/a && mkdir /d/a/b
RUN rm -r /d /e
RUN mkdir -p /d/new
