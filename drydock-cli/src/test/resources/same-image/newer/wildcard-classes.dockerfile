FROM base:1
COPY [ab].txt /x/
COPY dir/[!x] /y/
COPY dir/[^x]* /z/
COPY dir/? /q/
