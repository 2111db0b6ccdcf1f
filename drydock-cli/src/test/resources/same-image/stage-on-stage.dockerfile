FROM base:1 AS one
ENV A=1
ARG B=2
RUN echo $A $B > /a
FROM one
RUN echo $A-$B-2 > /b
