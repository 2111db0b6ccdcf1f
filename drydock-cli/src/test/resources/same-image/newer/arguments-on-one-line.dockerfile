FROM base:1
ARG a=1 b=$a c
ENV x=$a$b$c
RUN echo $a $b > /x
