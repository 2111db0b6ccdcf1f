FROM base:1
RUN mkdir /a && touch /a/1 /b && ln -s a /c
RUN rm -r /a /b /c && touch /a && mkdir /b /c && touch /c/2
RUN rm -r /a /b /c && ln -s b /a && touch /b && ln -s nowhere /c
