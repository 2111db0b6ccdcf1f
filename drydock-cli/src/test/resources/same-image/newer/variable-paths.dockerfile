FROM base:1
ENV S="a.txt" D="/with space/d"
COPY $S $D
COPY ["$S", "${D}2"]
WORKDIR $D-wd
ADD ${NOPE}a.txt ${NOPE:-/def}/
