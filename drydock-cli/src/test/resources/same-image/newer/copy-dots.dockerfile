# COPY: sources are clamped to the context, and dots cleaned, on both sides.
FROM base:1
WORKDIR /w
COPY ../../a.txt /x
COPY /dir/../a.txt y
COPY ./dir/. z/.
COPY dir/sub/../x .
