# ADD --unpack decides about archives, whatever the source; a file that is none is copied.
FROM base:1
ADD --unpack=false archive.tar.gz /a/
ADD --unpack=false archive.tar.gz /b
ADD --unpack archive.tar.gz /c
ADD --unpack=true text.tar.gz /d/
