FROM base:1
WORKDIR /a/b
COPY a.txt ../../c/
COPY ./dir/../a.txt ./x/../y
COPY /a.txt /abs
