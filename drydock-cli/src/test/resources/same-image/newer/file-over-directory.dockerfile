FROM base:1
RUN mkdir /f
COPY a.txt /f
COPY dir/x /f/a.txt
