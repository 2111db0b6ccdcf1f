# foo=bar
# escape=`
FROM base:1
RUN echo a \
  && echo b > /x
