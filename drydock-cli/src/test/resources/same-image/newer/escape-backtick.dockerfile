# escape=`
FROM base:1
ENV A=x`$y B="q`"r" C=a\b
RUN echo "$A" `
  > /x
COPY a.txt `
  /c\d/
