#: --build-arg=SOURCE_DATE_EPOCH=1200000000
# SOURCE_DATE_EPOCH: times later than it are clamped, earlier ones stay, those of an archive too.
FROM scratch
ARG SOURCE_DATE_EPOCH
COPY a.txt /n/
ADD archive.tar.gz /t/
WORKDIR /w
