FROM base:1
RUN echo hi > /x && chmod 4711 /x && mkdir -m 1777 /t && ln -s x /y && ln /x /hard
