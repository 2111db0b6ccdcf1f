# COPY onto what is there: a file into a directory, over a file; several sources without a slash write the same path.
FROM base:1
RUN mkdir -p /x/y /f1 && echo old > /f2
COPY a.txt /x
COPY a.txt /f2
COPY dir /f1
COPY dir/x dir/y /several/
COPY dir/x dir/y /over
