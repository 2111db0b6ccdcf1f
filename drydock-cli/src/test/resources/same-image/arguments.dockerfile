ARG V=1
FROM base:${V}
ARG V
ARG W=w$V X
RUN echo $V $W $X > /args
ENV X=${W:-none} Y=${NO:-none} Z=${W:+some}
