FROM base:1
COPY . /x/
COPY secret-kept.txt /y
