FROM base:1
COPY *.txt d*r/s?b /w/
COPY dir/[x-z] /letters/
