FROM base:1
COPY dir /d
RUN rm -r /d && mkdir /d && echo new > /d/x
