FROM base:1
ENV abc=hello
ENV abc=bye def=$abc
ENV ghi=$abc
ENV a b=c d
LABEL l=$def $def=l
