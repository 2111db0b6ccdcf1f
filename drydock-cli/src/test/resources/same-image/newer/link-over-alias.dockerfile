FROM base:1
RUN mkdir /real && ln -s /real /alias
COPY --link a.txt /alias/
RUN ls -ld /alias | cut -c1 > /what
