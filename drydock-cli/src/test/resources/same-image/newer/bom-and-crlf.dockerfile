FROM base:1
RUN echo a \
  && echo b > /x
COPY <<EOF /crlf
line
EOF
ENV A=b
