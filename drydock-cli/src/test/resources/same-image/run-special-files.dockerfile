FROM base:1
RUN mkfifo /pipe && chown 7:8 /pipe && touch /f && chown nobody /f && touch -d @1000000 /old
