FROM base:1
ADD --unpack=false archive.tar.gz /x/
ADD --unpack=true archive.tar.gz /y/
ADD archive*.gz a.txt /z/
ADD --chmod=700 archive.tar.gz /c/
