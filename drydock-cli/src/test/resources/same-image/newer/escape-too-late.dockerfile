
# escape=`
FROM base:1
RUN echo a\
b > /x
