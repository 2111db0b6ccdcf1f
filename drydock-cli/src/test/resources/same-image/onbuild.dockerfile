FROM base:1 AS parent
ONBUILD COPY a.txt /from-trigger
ONBUILD RUN echo ran > /ran
FROM parent AS child
FROM child
RUN ls /ran
