FROM base:1
ADD archive-without-suffix /x/
ADD text.tar.gz /text
